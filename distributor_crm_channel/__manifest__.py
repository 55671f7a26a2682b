{
    "name": "Distributor CRM: Channel",
    "summary": "Which distributor may sell what, and where",
    "version": "19.0.1.0.0",
    "category": "Sales/Distributors",
    "author": "Distributor CRM contributors",
    "website": "https://distributor-crm.example",
    "license": "AGPL-3",
    "depends": [
        "distributor_crm",
        "website_sale",
        "sale_loyalty",
        "stock",
        "sale_stock",
    ],
    "data": [
        "security/ir.model.access.csv",
        "security/distributor_territory_rules.xml",
        "security/service_rules.xml",
        "views/distributor_authorization_views.xml",
        "views/distributor_territory_views.xml",
        "views/distributor_rebate_shop_credit_views.xml",
        "views/res_partner_views.xml",
        "data/service_cron.xml",
        "views/service/stock_picking_views.xml",
        "views/service/distributor_shipping_report_views.xml",
        "views/distributor_channel_menus.xml",  # last: it refers to the actions above
    ],
    "demo": [
        "demo/distributor_territory_demo.xml",
        "demo/service_demo.xml",
    ],
}
