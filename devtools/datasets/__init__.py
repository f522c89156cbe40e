"""Public data sets that ``./dev load`` brings into a database; see :mod:`devtools.datasets.base`."""
