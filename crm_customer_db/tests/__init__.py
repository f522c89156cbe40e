from . import test_address_history
from . import test_address_parts
from . import test_catalogue_data
from . import test_personal_data
from . import test_tools_address
from . import test_tools_profile
from . import test_tools_salutation
from . import test_tools_timezone
