import cases
import test_msal  # noqa: F401
import test_roadtx  # noqa: F401

cases.main()
