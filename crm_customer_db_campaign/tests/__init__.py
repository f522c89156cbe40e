from . import test_attribution
from . import test_attribution_random
from . import test_attribution_refresh
from . import test_campaign
from . import test_campaign_result
from . import test_campaign_rights
