# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""One distribution with the three addons, in the namespace where Odoo looks for addons.

`pip install` it where an Odoo 19 lives: Odoo finds the addons without any addons path.
"""

from pathlib import Path

from setuptools import setup

HERE = Path(__file__).parent
ADDONS = ("distributor_crm", "distributor_crm_expense", "distributor_crm_channel")


def files(addon):
    """Return the addon's files, as paths relative to it."""
    return sorted(
        path.relative_to(HERE / addon)
        for path in (HERE / addon).rglob("*")
        if path.is_file()
        and "__pycache__" not in path.parts
        and path.suffix not in {".pyc", ".pyo"}
    )


def packages(addon):
    """Map each Python package of the addon to its folder."""
    return {
        ".".join(["odoo", "addons", addon, *path.parent.parts]): str(
            Path(addon) / path.parent
        )
        for path in files(addon)
        if path.name == "__init__.py"
    }


def data(addon):
    """List what no Python package of the addon holds: views, data, images, ..."""
    held = set(packages(addon).values())
    return [
        path.as_posix()
        for path in files(addon)
        if path.suffix != ".py" or str(Path(addon) / path.parent) not in held
    ]


readme = HERE / "README.md"
package_dir = {name: path for addon in ADDONS for name, path in packages(addon).items()}

setup(
    name="odoo-addons-distributor-crm",
    version="19.0.1.0.0",
    description="Distributors, rebates, relationship fees and the channel, for Odoo 19",
    long_description=readme.read_text(encoding="utf-8") if readme.exists() else "",
    long_description_content_type="text/markdown",
    author="Distributor CRM contributors",
    license="AGPL-3.0-or-later",
    classifiers=[
        "Environment :: Web Environment",
        "Framework :: Odoo",
        "Framework :: Odoo :: 19.0",
        "Programming Language :: Python :: 3",
    ],
    packages=list(package_dir),
    package_dir=package_dir,
    package_data={f"odoo.addons.{addon}": data(addon) for addon in ADDONS},
    include_package_data=False,
    zip_safe=False,
    python_requires=">=3.10",
    install_requires=[
        "odoo==19.0.*",
        "odoo-addon-base-tier-validation==19.0.*",
        "odoo-addon-hr-expense-tier-validation==19.0.*",
        "odoo-addon-report-xlsx==19.0.*",
        "pypinyin",
    ],
)
