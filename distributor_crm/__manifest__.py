{
    "name": "Distributor CRM",
    "summary": "Distributors, tiers and rebates that explain every cent",
    "version": "19.0.1.0.0",
    "category": "Sales/Distributors",
    "author": "Distributor CRM contributors",
    "website": "https://distributor-crm.example",
    "license": "AGPL-3",
    "application": True,
    "depends": [
        "partnership",
        "sale_management",
        "account",
        "portal",
        "base_tier_validation",
        "report_xlsx",
    ],
    "data": [
        "security/distributor_security.xml",
        "security/ir.model.access.csv",
        "views/res_partner_views.xml",
        "views/distributor_menus.xml",
    ],
}
