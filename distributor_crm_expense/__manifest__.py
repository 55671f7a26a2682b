{
    "name": "Distributor CRM: Relationship Fees",
    "summary": "What may be spent on relations with distributors, and on what terms",
    "version": "19.0.1.0.0",
    "category": "Sales/Distributors",
    "author": "Distributor CRM contributors",
    "website": "https://distributor-crm.example",
    "license": "AGPL-3",
    "depends": ["distributor_crm", "hr_expense", "hr_expense_tier_validation"],
    "data": [
        "security/distributor_fee_security.xml",
        "security/ir.model.access.csv",
        "security/distributor_fee_rules.xml",
        "views/distributor_fee_standard_views.xml",
        "views/product_template_views.xml",
        "views/distributor_fee_menus.xml",  # last: it refers to the actions above
    ],
    "demo": [
        "demo/res_users_demo.xml",
        "demo/distributor_fee_standard_demo.xml",
    ],
}
