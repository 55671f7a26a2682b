# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Rules for all tests: Odoo logs no warning, and nothing is skipped in silence.

- A WARNING or worse that Odoo logs during a test, or while the registry loads, is an error
  of that test. A test that means to cause one catches it (assertLogs, mute_logger).
- A skip fails, unless its reason starts with "announced: ". A missing browser or database
  is thus a failure.
- Where several processes share the work (`-n`), each has a database of its own.
"""

import logging
import os
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is no fault of a test: nothing that is checked depends on the clock, nor
# on chance.  HYPOTHESIS_PROFILE=search looks for new examples.
for name, options in (
    ("steady", {"derandomize": True}),
    ("search", {"max_examples": 2000}),
):
    settings.register_profile(
        name,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        **options,
    )
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

ANNOUNCED = "announced: "
ROOT = Path(__file__).parent


class WarningCollector(logging.Handler):
    """Keeps what Odoo, or a Python warning about our own files, says at WARNING or above."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        message = record.getMessage()
        ours = record.name == "py.warnings" and str(ROOT / "distributor_crm") in message
        if record.name.split(".")[0] == "odoo" or ours:
            if record.exc_info:
                message += "\n" + logging.Formatter().formatException(record.exc_info)
            self.lines.append(f"{record.levelname} {record.name}: {message}")

    def take(self):
        """Return what was said since the last time."""
        lines, self.lines = self.lines, []
        return lines


collector = WarningCollector()


def own_database():
    """In one of several processes: work on a clone, and name what it makes after itself."""
    # Popped: pytest-odoo would clone by PostgreSQL's own programs, which need not be there.
    worker = os.environ.pop("PYTEST_XDIST_WORKER", None)
    if worker is None:
        return
    import odoo.tools

    sys.path.insert(0, str(ROOT / "provision"))
    from db import Server

    name = f"{os.environ['TEST_PREFIX']}_{worker}"
    Server(os.environ["TEST_CONF"]).create(name, os.environ["TEST_TEMPLATE"])
    odoo.tools.config["db_name"] = [name]
    os.environ["TEST_PREFIX"] = name


def pytest_configure(config):
    own_database()
    logging.getLogger().addHandler(collector)
    # pytest-odoo sets Odoo's own level so high that nothing would be heard.
    logging.getLogger("odoo").setLevel(logging.WARNING)


def pytest_unconfigure(config):
    logging.getLogger().removeHandler(collector)


@pytest.fixture(scope="session", autouse=True)
def database_of_thread(load_registry):
    """Odoo's server names the database on its threads, and some pages rely on it."""
    from odoo.tests.common import get_db_name

    threading.current_thread().dbname = get_db_name()


@pytest.fixture(scope="session", autouse=True)
def shared_company(database_of_thread):
    """Make once the company with a chart of accounts that most of our test cases work in.

    Odoo's accounting test cases make one each, which takes longer than most tests.
    """
    from odoo import SUPERUSER_ID, api
    from odoo.modules import module
    from odoo.modules.registry import Registry
    from odoo.tests.common import get_db_name

    from odoo.addons.account.tests.common import AccountTestInvoicingCommon
    from odoo.addons.base.tests.common import DISABLED_MAIL_CONTEXT

    module.current_test = "the company that test cases share"
    try:
        with Registry(get_db_name()).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, DISABLED_MAIL_CONTEXT)
            if env.ref("__test__.company", raise_if_not_found=False):
                return
            maker = type("Maker", (AccountTestInvoicingCommon,), {"env": env})
            company = maker._create_company(name="Shared by Tests")
            env.user.company_ids -= company
            env["ir.model.data"]._update_xmlids(
                [{"xml_id": "__test__.company", "record": company}]
            )
    finally:
        module.current_test = False


@pytest.fixture(autouse=True)
def no_odoo_warnings():
    """Fail on what Odoo warned of in the test, or in its class's preparation."""
    yield
    lines = collector.take()
    if lines:
        pytest.fail("Odoo logged:\n" + "\n".join(lines), pytrace=False)


def _refuse_silent_skip(report):
    """Turn a skip whose reason is not announced into a failure."""
    if report.outcome != "skipped" or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr
    if isinstance(reason, tuple):
        reason = reason[2]
    reason = str(reason).removeprefix("Skipped: ")
    if not reason.startswith(ANNOUNCED):
        report.outcome = "failed"
        report.longrepr = f"skipped, and not announced: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    _refuse_silent_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    report = yield
    _refuse_silent_skip(report)
    return report


def pytest_sessionfinish(session, exitstatus):
    """What is said after the last test counts as well."""
    lines = collector.take()
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["said_late"] = lines
        return
    lines += said_late
    if lines and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        print("\nOdoo logged after the tests:", *lines, sep="\n")


said_late = []


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error):
    """Keep what one of several processes heard after its last test."""
    said_late.extend(getattr(node, "workeroutput", {}).get("said_late", []))
