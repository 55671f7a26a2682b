# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Documents that are kept as they were printed."""


def print_document(reports, name, ids):
    """Return the file of a report, and its kind: `pdf`, or `html` where none is made.

    :param reports: `ir.actions.report`, in the language of the document
    :param name: the XML id of the report
    """
    # While modules are installed no server answers the program that makes PDF.
    can_print = reports.env.registry.ready and (
        reports.get_wkhtmltopdf_state() not in ("install", "broken")
    )
    if can_print:
        return reports._render_qweb_pdf(name, ids)
    return reports._render_qweb_html(name, ids)
