import cases
import test_signin  # noqa: F401
import test_msal  # noqa: F401
import test_device  # noqa: F401
import test_graph  # noqa: F401
import test_roadtx  # noqa: F401

cases.main()
