"""A pytest plugin: counts for the closing line of ``dev test``, and Odoo's meaning of test tags.

Loaded with ``-p pytest_report``. Without it pytest would also run tests that their author took out of the
standard set (``@tagged('-standard')``: crash and concurrency tests that break a database).
"""

import json
import os

import pytest

_REPORT = os.environ.get("DEV_TEST_REPORT")
_TAGS = os.environ.get("DEV_TEST_TAGS") or "standard"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Deselect what Odoo's own runner would not run either."""
    if config.pluginmanager.hasplugin("pytest_odoo") or config.pluginmanager.hasplugin("odoo"):
        from odoo.tests.tag_selector import TagsSelector

        selector = TagsSelector(_TAGS)
        kept, dropped = [], []
        for item in items:
            # Plain unittest classes and functions carry no tags: pytest runs them.
            case = item.cls(item.originalname) if hasattr(item.cls, "test_module") else None
            (kept if case is None or selector.check(case) else dropped).append(item)
        if dropped:
            config.hook.pytest_deselected(items=dropped)
            items[:] = kept


def pytest_terminal_summary(terminalreporter):
    """Write the counts and the reasons of the skipped tests as JSON."""
    if not _REPORT:
        return
    stats = terminalreporter.stats
    skipped = stats.get("skipped", [])
    counts = {
        "passed": len(stats.get("passed", [])) + len(stats.get("xpassed", [])),
        "failed": len({report.nodeid for report in stats.get("failed", []) + stats.get("error", [])}),
        "skipped": len(skipped) + len(stats.get("xfailed", [])),
        "skip_reasons": [
            f"{report.nodeid}: {report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr}"
            for report in skipped
        ],
    }
    with open(_REPORT, "w") as handle:
        json.dump(counts, handle)
