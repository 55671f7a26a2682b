# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import http
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import format_date

from .store import StorePortal


class TrainingPortal(StorePortal):
    """What owners learn, topic by topic: they read it, and say so (R007 to R009)."""

    def _render_store(self, store, **values):
        # EXTENDS distributor_crm
        topics = self._get_training_topics(store)
        return super()._render_store(store, training=topics, **values)

    def _get_training_topics(self, store):
        """Return the topics of one's own store as its pages show them, in order."""
        current = store.env["distributor.onboarding.topic"]._get_current(
            store.company_id
        )
        missing = store._get_missing_topics()[store]
        topics = {}
        for task in store._get_onboarding():
            topic = task.activity_type_id
            version = current.get(topic)
            known = topics.get(topic)
            if known and not known["is_done"]:
                continue
            topics[topic] = {
                "topic": topic,
                "task": task,
                "version": version,
                "is_done": not task.active,
                "is_obligatory": topic in missing,
                # What was read is not what is valid now.
                "is_changed": bool(
                    version
                    and not task.active
                    and task.date_done
                    and version.date_from > task.date_done
                ),
                "may_read": bool(
                    task.active and version and version.is_self_study and version.body
                ),
            }
        return sorted(
            topics.values(), key=lambda t: (t["topic"].sequence, t["topic"].id)
        )

    def _get_training_topic(self, store, topic_id):
        """Return the topics of a store, and the place of one of them; else None."""
        topics = self._get_training_topics(store) if store else []
        places = [i for i, t in enumerate(topics) if t["topic"].id == topic_id]
        return topics, places[0] if places else None

    @http.route(
        "/my/stores/<int:store_id>/topics/<int:topic_id>",
        type="http",
        auth="user",
        website=True,
    )
    def portal_store_topic(self, store_id, topic_id, **kw):
        """One topic of one's own store; whatever else is asked for leads home."""
        store = self._get_own_store(store_id)
        topics, place = self._get_training_topic(store, topic_id)
        if place is None:
            return request.redirect("/my")
        return self._render_topic(store, topics, place)

    def _render_topic(self, store, topics, place, **values):
        after = topics[place + 1 :] + topics[:place]
        return request.render(
            "distributor_crm.portal_store_topic",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "store",
                "store": store,
                "entry": topics[place],
                "number": place + 1,
                "count": len(topics),
                "next_entry": next((t for t in after if not t["is_done"]), None),
                "is_reduced": store.partner_id.has_reduced_access,
                **values,
            },
        )

    @http.route(
        "/my/stores/<int:store_id>/topics/<int:topic_id>/read",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_store_topic_read(self, store_id, topic_id, **kw):
        """Say that one has read a topic; the next one follows."""
        store = self._get_own_store(store_id)
        topics, place = self._get_training_topic(store, topic_id)
        if place is None:
            return request.redirect("/my")
        entry = topics[place]
        try:
            with request.env.cr.savepoint():
                self._read_topic(store, entry)
        except UserError as error:
            return self._render_topic(store, topics, place, error=str(error))
        after = topics[place + 1 :] + topics[:place]
        following = next((t for t in after if not t["is_done"]), None)
        url = f"/my/stores/{store.id}"
        if following:
            return request.redirect(f"{url}/topics/{following['topic'].id}")
        return request.redirect(f"{url}?done=trained")

    def _read_topic(self, store, entry):
        """Mark a topic as read by who is logged in; twice is once.

        :raises UserError: it is gone through with the account manager, or the
            agreement is over
        """
        if store.partner_id.has_reduced_access:
            raise UserError(
                request.env._("Your agreement is over; nothing new begins here.")
            )
        if entry["is_done"]:
            return
        if not entry["may_read"]:
            raise UserError(
                request.env._("Your account manager goes through this topic with you.")
            )
        day = format_date(store.env, entry["version"].date_from)
        # The task is the account manager's; whose store it is was checked.
        entry["task"].action_feedback(
            feedback=request.env._("Read on the portal, text of %s", day)
        )
