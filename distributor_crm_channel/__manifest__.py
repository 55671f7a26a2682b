{
    "name": "Distributor CRM: Channel",
    "summary": "Which distributor may sell what, and where",
    "version": "19.0.1.0.0",
    "category": "Sales/Distributors",
    "author": "Distributor CRM contributors",
    "website": "https://distributor-crm.example",
    "license": "AGPL-3",
    "depends": ["distributor_crm", "website_sale", "sale_loyalty", "stock"],
    "data": [],
}
