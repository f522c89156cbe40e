from . import (
    test_attribution,
    test_attribution_random,
    test_attribution_refresh,
    test_campaign,
    test_campaign_result,
    test_campaign_rights,
)
