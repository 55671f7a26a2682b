{
    "name": "Distributor CRM: Relationship Fees",
    "summary": "What may be spent on relations with distributors, and on what terms",
    "version": "19.0.1.0.0",
    "category": "Sales/Distributors",
    "author": "Distributor CRM contributors",
    "website": "https://distributor-crm.example",
    "license": "AGPL-3",
    "depends": ["distributor_crm", "hr_expense", "hr_expense_tier_validation"],
    "data": [],
}
