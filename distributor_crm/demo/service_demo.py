# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from base64 import b64encode
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.tools import file_open

CASES = (
    # distributor, type, days ago, subject, text, how far, stars
    (
        "chengdu",
        "complaint",
        0,
        "Two gift boxes arrived broken",
        "The parcel was wet, and two of the twelve boxes are torn. Our customer is "
        "waiting: can you send two more this week?",
        "new",
        0,
    ),
    (
        "chengdu",
        "question",
        3,
        "Posters for the mid-autumn window",
        "Will there be posters in A1 this year, and until when can we order them?",
        "waiting",
        0,
    ),
    (
        "chengdu",
        "order",
        12,
        "Please split the delivery",
        "Half of the banquet line should go to our second warehouse.",
        "rated",
        5,
    ),
    (
        "guangzhou",
        "after_sales",
        6,
        "Caps leak on one carton",
        "Six bottles of carton 14 lost a part of their content.",
        "in_progress",
        0,
    ),
    (
        "hangzhou",
        "market",
        4,
        "Someone sells below the floor on the Bargain Hall",
        "A shop that we do not know offers the twin box at 58.",
        "late",
        0,
    ),
    (
        "wuhan",
        "complaint",
        20,
        "Invoice without our tax number",
        "The March invoice lacks our tax number again.",
        "rated",
        2,
    ),
)
IDEAS = (
    # distributor, title, text, who votes, how far
    (
        "hangzhou",
        "A small box for one",
        "Two bottles and a cup, for those who live alone and like it fine.",
        ("chengdu", "wuhan"),
        "published",
    ),
    (
        "chengdu",
        "Gift box with a name engraved",
        "Companies ask for their name on the lid, from thirty boxes on.",
        ("hangzhou", "guangzhou", "wuhan"),
        "adopted",
    ),
    (
        "guangzhou",
        "Refill pouches",
        "Restaurants throw the bottles away: a pouch of two litres costs them less.",
        (),
        "new",
    ),
)
PROMOTIONS = (
    # name, type, starts in days, lasts days, gifts, price of the twin box
    ("Mid-autumn week", "promotion", -2, 9, "Buy ten boxes, get one on top.", 79),
    ("New year pre-order", "promotion", 20, 14, "A set of cups with each carton.", 75),
    ("Show your window", "topic", 5, 10, "The best window wins a dragon box.", 0),
)
ANSWER = "Thank you. I have asked our warehouse, and tell you by tomorrow."


class DistributorDemo(models.AbstractModel):
    """The demo's service: cases, a kit, a return, campaigns and gifts."""

    _inherit = "distributor.demo"

    @api.model
    def _tell_service(self):
        """Let distributors ask, return and apply, and our people answer."""
        self._tell_cases()
        self._tell_kit()
        self._tell_campaigns()
        self._tell_gifts()
        self._tell_return()
        self._tell_ideas()
        self._tell_promotions()

    def _tell_cases(self):
        now = fields.Datetime.now()
        for name, kind, days, subject, text, state, stars in CASES:
            partner = self._ref(f"partner_{name}")
            case = self.env["distributor.case"].create(
                {
                    "partner_id": partner.id,
                    "contact_id": partner.child_ids[:1].id,
                    "kind": kind,
                    "subject": subject,
                    "description": text,
                    "opened_at": now - timedelta(days=days, hours=1),
                }
            )
            if state not in ("new", "late"):
                self._answer_case(case, state, stars)
        self.env["distributor.case"].search(
            [("is_overdue", "=", True), ("escalation_level", "=", 0)]
        )._escalate(2)

    def _answer_case(self, case, state, stars):
        owner = case.with_user(case.user_id)
        owner.message_post(
            body=ANSWER, message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        # As if it had been answered on the day it came.
        case._set(
            first_response_at=case.opened_at + timedelta(hours=2), response_hours=2
        )
        if state == "waiting":
            owner.action_wait()
        elif state == "rated":
            owner.action_solve()
            case._set(
                solved_at=case.opened_at + timedelta(days=1),
                solve_hours=16,
                rating=stars,
                rating_comment=self.env._("Quick and friendly.")
                if stars > 3
                else self.env._("It is the third time."),
            )

    def _tell_kit(self):
        with file_open("distributor_crm/static/description/icon.png", "rb") as file:
            picture = b64encode(file.read())
        products = self._ref("product_gift_twin") | self._ref("product_gift_dragon")
        for product in products:
            product.write(
                {
                    "image_1920": product.image_1920 or picture,
                    "description_sale": product.description_sale
                    or self.env._("Six bottles in a lacquered box, with a card."),
                }
            )
        today = fields.Date.context_today(self)
        kit = self.env["distributor.kit"].create(
            {
                "name": "Mid-autumn gift boxes",
                "date_from": today,
                "date_to": today + timedelta(days=45),
                "categ_ids": [Command.set(self._ref("product_category_gift").ids)],
                "text": "<p>For those who come home late: <b>the twin box</b>, with a "
                "card in your handwriting.</p><ul><li>Order until the 10th, shipped "
                "within a day</li><li>With every second box a set of cups</li></ul>",
                "attachment_ids": [
                    Command.create({"name": "poster.png", "datas": picture})
                ],
            }
        )
        kit.with_user(self._ref("user_manager")).action_publish()
        self.env["distributor.listing.policy"].create({"day_kind": "natural"})
        partner = self._ref("partner_chengdu")
        self.env["distributor.kit.download"].create(
            {
                "kit_id": kit.id,
                "file_name": kit.file_ids[:1].name,
                "version": kit.version,
                "partner_id": partner.id,
                "user_id": self._ref("user_distributor").id,
            }
        )
        self.env["distributor.listing.task"]._give(
            kit, partner | self._ref("partner_hangzhou")
        )

    def _tell_campaigns(self):
        today = fields.Date.context_today(self)
        for name, campaign, start, granted in (
            ("chengdu", "Bargain Hall, autumn fair", -1, 60),
            ("guangzhou", "1+1 discount week", 9, 0),
        ):
            request = self.env["distributor.promo.request"].create(
                {
                    "partner_id": self._ref(f"partner_{name}").id,
                    "activity_name": campaign,
                    "platform": "Bargain Hall",
                    "proof_url": f"https://bargain.example/activities/{name}",
                    "date_from": today + timedelta(days=start),
                    "date_to": today + timedelta(days=start + 6),
                    "line_ids": [
                        Command.create(
                            {
                                "product_id": self._ref(f"product_{product}").id,
                                "activity_price": price,
                                "quantity": quantity,
                            }
                        )
                        for product, price, quantity in (
                            ("gift_twin", 69, 80),
                            ("cups", 15, 200),
                        )
                    ],
                }
            )
            if granted:
                request.is_verified = True
                request.line_ids[0].write(
                    {"approved_quantity": granted, "supply_price": 52}
                )
                request.with_user(self._ref("user_manager")).action_approve()

    def _tell_gifts(self):
        for name, product, state in (
            ("chengdu", "cups", "approved"),
            ("hangzhou", "gift_twin", "submitted"),
        ):
            gift = (
                self.env["distributor.gift"]
                .with_user(self._ref("user_account_manager"))
                .create(
                    {
                        "partner_id": self._ref(f"partner_{name}").id,
                        "reason": "Group-buy of 400 boxes for a hospital",
                        "line_ids": [
                            Command.create(
                                {
                                    "product_id": self._ref(f"product_{product}").id,
                                    "quantity": 6,
                                }
                            )
                        ],
                    }
                )
            )
            gift.action_submit()
            if state == "approved":
                gift.with_user(self._ref("user_manager")).action_approve()

    def _tell_return(self):
        contact = self._ref("partner_portal_contact")
        order = self.env["sale.order"].create(
            {
                "partner_id": contact.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self._ref(f"product_{name}").id,
                            "product_uom_qty": quantity,
                        }
                    )
                    for name, quantity in (("gift_twin", 12), ("reserve", 24))
                ],
            }
        )
        order.action_confirm()
        order.action_start_processing()
        for line in order.order_line:
            line.qty_delivered = line.product_uom_qty
        self._tell_invoice_request(order)
        self.env["distributor.return"].create(
            {
                "partner_id": contact.commercial_partner_id.id,
                "contact_id": contact.id,
                "order_id": order.id,
                "reason": "damaged",
                "description": "Two boxes are torn.",
                "line_ids": [
                    Command.create(
                        {"order_line_id": order.order_line[0].id, "quantity": 2}
                    )
                ],
            }
        )

    def _tell_invoice_request(self, order):
        self.env["distributor.invoice.request"].create(
            {
                "partner_id": order.partner_id.commercial_partner_id.id,
                "order_id": order.id,
                "title": order.partner_id.commercial_partner_id.name,
                "tax_number": "91110000600037341L",
                "email": "books@distributor.example",
            }
        )

    def _tell_ideas(self):
        manager = self._ref("user_manager")
        for name, title, text, voters, state in IDEAS:
            idea = self.env["distributor.idea"].create(
                {
                    "partner_id": self._ref(f"partner_{name}").id,
                    "title": title,
                    "description": text,
                    "expected_price": 98,
                    "expected_quantity": 40,
                    "is_name_shown": True,
                }
            )
            if state == "new":
                continue
            idea.with_user(manager).action_publish()
            for voter in voters:
                idea._vote(self._ref(f"partner_{voter}"))
            if state == "adopted":
                idea.with_user(manager).action_adopt()

    def _tell_promotions(self):
        today = fields.Date.context_today(self)
        for name, kind, start, days, gifts, price in PROMOTIONS:
            promotion = self.env["distributor.promotion"].create(
                {
                    "name": name,
                    "kind": kind,
                    "date_from": today + timedelta(days=start),
                    "date_to": today + timedelta(days=start + days),
                    "gift_rule": gifts,
                    "line_ids": [
                        Command.create(
                            {
                                "product_id": self._ref("product_gift_twin").id,
                                "price": price,
                            }
                        )
                    ]
                    if price
                    else [],
                }
            )
            promotion.with_user(self._ref("user_manager")).action_publish()
            if kind == "topic":
                promotion._enroll(self._ref("partner_hangzhou"))
