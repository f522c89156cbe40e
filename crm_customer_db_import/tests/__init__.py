from . import (
    test_import,
    test_import_contact_columns,
    test_import_contact_entries,
    test_import_contact_rows,
    test_import_contacts,
    test_import_contacts_back,
    test_import_files,
    test_import_hostile,
    test_import_killed,
    test_import_rights,
    test_tools,
)
