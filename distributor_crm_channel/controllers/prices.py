# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import json

from werkzeug.exceptions import RequestEntityTooLarge

from odoo import http
from odoo.http import request

MAX_BODY = 1024 * 1024
MAX_ITEMS = 500
# Wrong keys an hour from one address; whoever guesses is shut out before he is lucky.
MAX_WRONG = 30


class PriceInterface(http.Controller):
    """Programs send the prices that they see, with the key of their source.

    No cookie is looked at: a browser of somebody who is logged in sends nothing here.
    """

    @http.route(
        "/distributor/prices/observations",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
    )
    def receive(self, **_kw):
        """Take in ``{"observations": [{...}, ...]}``.

        Answers 200 with ``{"new", "known", "refused": [{"index", "reason"}]}``; 400 for
        what is no such message, 401 for a wrong key, 413 for one that is too large, 429
        for too many.
        """
        address = request.httprequest.remote_addr
        attempts = request.env["distributor.admission.attempt"].sudo()
        key = self._read_key()
        # A key is looked up for nobody: its source decides what it may.
        source = request.env["distributor.price.source"].sudo()._find_by_key(key)
        if not source:
            if attempts._count("price-key", address, 1) > MAX_WRONG:
                return self._answer(429, error="Too many attempts. Try again later.")
            return self._answer(401, error="The key is missing or wrong.")
        if attempts._count("price-source", source.id, 1) > source.rate_limit:
            return self._answer(429, error="Too many calls in this hour.")
        try:
            items = self._read_items()
        except RequestEntityTooLarge:
            return self._answer(413, error=f"Send at most {MAX_BODY} bytes.")
        except ValueError as error:
            return self._answer(400, error=str(error))
        observations = request.env["distributor.price.observation"].sudo()
        lang = source.create_uid.lang
        result = observations.with_context(lang=lang)._receive(source, items)
        return self._answer(200, **result)

    def _read_key(self):
        scheme, _blank, key = request.httprequest.headers.get(
            "Authorization", ""
        ).partition(" ")
        return key.strip() if scheme.lower() == "bearer" else ""

    def _read_items(self):
        length = request.httprequest.content_length
        if length is None or length > MAX_BODY:
            raise RequestEntityTooLarge
        try:
            message = json.loads(request.httprequest.get_data(cache=False))
        except (UnicodeDecodeError, RecursionError, ValueError) as error:
            raise ValueError("The message is not JSON.") from error
        items = message.get("observations") if isinstance(message, dict) else None
        if not isinstance(items, list) or not items:
            raise ValueError('Send {"observations": [...]} with one at least.')
        if len(items) > MAX_ITEMS:
            raise ValueError(f"Send at most {MAX_ITEMS} at a time.")
        return items

    def _answer(self, status, **values):
        return request.make_json_response(values, status=status)
