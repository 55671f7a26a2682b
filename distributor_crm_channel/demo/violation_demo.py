# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import io
from datetime import timedelta

from PIL import Image, ImageDraw

from odoo import api, fields, models

BREACHES = (
    # how it goes, rules, distributor, hours ago, severity, product, what was seen
    (
        "told",
        "price_below_floor",
        "chengdu",
        30,
        5,
        "banquet_500",
        "Offered at 279.00 in the shop “Chengdu Daily”; the floor is 294.00.",
    ),
    (
        "answered",
        "diversion",
        "guangzhou",
        70,
        12,
        "banquet_1000",
        "Twelve boxes of a lot delivered to Guangzhou stood in a shop in Changsha.",
    ),
    (
        "watched",
        "listing_duty",
        "wuhan",
        120,
        0,
        None,
        "Title and description of three products are still those of the data pack.",
    ),
    (
        "approval",
        "undeclared_shop",
        "xian",
        200,
        0,
        None,
        "The shop “Old Town Liquor” sells our products; its phone number is that of "
        "the account.",
    ),
    (
        "appealed",
        "brand_harm",
        "hangzhou",
        300,
        0,
        "reserve",
        "Advertised as “the only genuine one, all others are fakes”.",
    ),
    (
        "confirmed",
        "diversion",
        "harbin",
        900,
        3,
        "gift_twin",
        "Three boxes were found with a dealer in Shenyang.",
    ),
    (
        "confirmed",
        "diversion",
        "harbin",
        240,
        20,
        "gift_twin",
        "Twenty boxes were found with the same dealer in Shenyang, two months later.",
    ),
    (
        "dismissed",
        "price_below_floor",
        "nanjing",
        400,
        2,
        "cups",
        "Offered at 49.00; the floor is 50.00.",
    ),
    (
        "reported",
        "authorization_misuse",
        "kunming",
        5,
        0,
        None,
        "The number of the certificate stands in a shop that is not on it.",
    ),
)


class DistributorDemo(models.AbstractModel):
    """The demo's breaches: one in each stage, by the persons who handle them."""

    _inherit = "distributor.demo"

    @api.model
    def _tell_violations(self):
        """Report breaches, and play them through as far as they went."""
        for number, breach in enumerate(BREACHES):
            stage, code, name, ago, severity, product, facts = breach
            case = self._report_violation(code, name, ago, severity, product, facts)
            case._keep_evidence([(f"{case.name}.png", self._draw_shop(facts, number))])
            if stage != "reported":
                getattr(self, f"_tell_violation_{stage}")(case, ago)

    def _report_violation(self, code, name, ago, severity, product, facts):
        return self.env["distributor.violation"]._report(
            [
                {
                    "policy": code,
                    "partner_id": self._ref(f"partner_{name}").id,
                    "company_id": self.env.company.id,
                    "occurred_at": fields.Datetime.now() - timedelta(hours=ago),
                    "source": None,
                    "facts": facts,
                    "severity": severity,
                    "product_id": product and self._ref(f"product_{product}").id,
                }
            ]
        )

    def _draw_shop(self, text, number):
        """Return a screenshot of a shop, as a PNG."""
        image = Image.new(
            "RGB", (640, 360), ("#f4f0e8", "#e8eef4", "#eef4e8")[number % 3]
        )
        draw = ImageDraw.Draw(image)
        draw.rectangle((0, 0, 640, 48), fill="#7c3f58")
        draw.rectangle((40, 90, 240, 300), fill="#c9a66b", outline="#7c3f58", width=4)
        for place in range(3 + number):
            left = 270 + (place * 53) % 330
            top = 100 + (place * 37 + number * 11) % 180
            draw.rectangle((left, top, left + 40, top + 14 + number), fill="#5b6c7d")
        plain = text.encode("ascii", "ignore").decode()
        draw.text((270, 320), plain[:56], fill="#333333")
        stream = io.BytesIO()
        image.save(stream, "PNG")
        return stream.getvalue()

    # -- stages ------------------------------------------------------------------------

    def _tell_violation_told(self, case, _ago):
        case.with_user(self._ref("user_manager")).action_notify()

    def _read_violation(self, case, hours):
        """The accused reads what he was sent, so many hours ago."""
        read = fields.Datetime.now() - timedelta(hours=hours)
        notices = case.notice_ids.filtered(lambda notice: not notice.delivered_at)
        notices.write({"sent_at": read - timedelta(hours=2)})
        notices._prove("portal", read, delivered_to=case.partner_id.name)

    def _tell_violation_answered(self, case, ago):
        self._tell_violation_told(case, ago)
        self._read_violation(case, 40)
        case._answer(
            "We sold these boxes to a wholesaler here. We do not know how they got to "
            "Changsha, and will ask him.",
            author=case.partner_id,
        )

    def _tell_violation_watched(self, case, ago):
        self._tell_violation_told(case, ago)
        self._read_violation(case, 40)
        case._say_corrected("All three are rewritten.", author=case.partner_id)
        case.with_user(self._ref("user_manager")).action_accept_correction()

    def _judge_violation(self, case, ago):
        self._tell_violation_told(case, ago)
        self._read_violation(case, 150)
        judge = case.with_user(self._ref("user_manager"))
        judge._judge("The evidence is clear, and no answer came within the time.")
        if case.is_serious:
            judge.action_submit()

    def _tell_violation_approval(self, case, ago):
        self._judge_violation(case, ago)

    def _tell_violation_confirmed(self, case, ago):
        self._judge_violation(case, ago)
        case.with_user(self._ref("user_channel_admin")).action_confirm()
        self._read_violation(case, 20)

    def _tell_violation_appealed(self, case, ago):
        self._tell_violation_confirmed(case, ago)
        case._appeal(
            "That was written by a customer in a comment; we have deleted it.",
            author=case.partner_id,
        )

    def _tell_violation_dismissed(self, case, ago):
        self._tell_violation_told(case, ago)
        self._read_violation(case, 300)
        case.with_user(self._ref("user_manager"))._dismiss(
            "A coupon of our own was in the price; the marked price kept to the floor."
        )
