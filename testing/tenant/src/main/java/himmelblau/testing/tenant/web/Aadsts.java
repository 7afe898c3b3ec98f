package himmelblau.testing.tenant.web;

import java.util.Map;
import java.util.TreeMap;

/**
 * What the catalogue knows of an AADSTS number.
 *
 * @param error the OAuth error name that goes with it
 * @param status the HTTP status of the JSON form
 */
public record Aadsts(String error, int status, String text) {
  private static final String GRANT = "invalid_grant";
  private static final String REQUEST = "invalid_request";
  private static final String CLIENT = "invalid_client";
  private static final String INTERACT = "interaction_required";
  private static final Map<Integer, Aadsts> KNOWN = new TreeMap<>();

  static {
    add(16000, INTERACT, "User account has several or no sessions; interaction is required.");
    add(
        50011,
        REQUEST,
        "The redirect URI specified in the request does not match the ones registered for the application.");
    add(50013, GRANT, "Assertion failed signature validation.");
    add(500133, GRANT, "Assertion is not within its valid time range.");
    add(50014, GRANT, "The user's redemption is in a pending state.");
    add(
        50020,
        GRANT,
        "User account from identity provider does not exist in tenant and cannot access the application in that tenant.");
    add(50027, REQUEST, "Invalid JWT token. Token format not valid.");
    add(
        50034,
        GRANT,
        "The user account does not exist in the directory. To sign into this application, the account must be added to the directory.");
    add(50049, REQUEST, "Unknown or invalid instance.");
    add(
        50053,
        GRANT,
        "The account is locked, you've tried to sign in too many times with an incorrect user ID or password.");
    add(50055, GRANT, "The password is expired.");
    add(50057, GRANT, "The user account is disabled.");
    add(50058, "login_required", "A silent sign-in request was sent but no user is signed in.");
    add(
        50059,
        REQUEST,
        "No tenant-identifying information found in either the request or implied by any provided credentials.");
    add(
        50072,
        INTERACT,
        "Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication to access the resource.");
    add(50074, INTERACT, "Strong Authentication is required.");
    add(
        50076,
        INTERACT,
        "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access the resource.");
    add(
        50079,
        INTERACT,
        "Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication to access the resource.");
    add(50089, GRANT, "Authentication failed due to flow token expired.");
    add(50097, INTERACT, "Device authentication is required.");
    add(
        50105,
        "access_denied",
        "The signed in user is not assigned to a role for the application.");
    add(50126, GRANT, "Error validating credentials due to invalid username or password.");
    add(
        50128,
        REQUEST,
        "Invalid domain name. No tenant-identifying information found in either the request or implied by any provided credentials.");
    add(
        50129,
        INTERACT,
        "Device is not workplace joined. Workplace join is required to register the device.");
    add(
        50132,
        GRANT,
        "Session is not valid due to the following reasons: password expiration or recent password change, SSO Artifact is invalid or expired, session is not fresh enough for application.");
    add(50133, GRANT, "Session is invalid due to expiration or recent password change.");
    add(50155, GRANT, "Device authentication failed for this user.");
    add(
        50173,
        GRANT,
        "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password.");
    add(
        50194,
        REQUEST,
        "Application is not configured as a multi-tenant application. Use a tenant-specific endpoint.");
    add(50203, INTERACT, "User has not registered the authenticator app.");
    add(
        53000,
        "access_denied",
        "Device is not in required device state: compliant. Conditional Access policy requires a compliant device, and the device is not compliant.");
    add(53003, "access_denied", "Access has been blocked by Conditional Access policies.");
    add(
        54005,
        GRANT,
        "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.");
    add(65001, GRANT, "The user or administrator has not consented to use the application.");
    add(
        65002,
        GRANT,
        "Consent between first party application and first party resource must be configured via preauthorization.");
    add(65004, "access_denied", "User declined to consent to access the app.");
    add(70000, GRANT, "Provided grant is invalid or malformed.");
    add(70002, CLIENT, "Error validating credentials.");
    add(70003, "unsupported_grant_type", "The app requested an unsupported grant type.");
    add(70005, "unsupported_response_type", "The app returned an unsupported response type.");
    add(
        70008,
        GRANT,
        "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.");
    add(
        70011,
        "invalid_scope",
        "The provided request must include a 'scope' input parameter, or the provided value for the input parameter 'scope' is not valid.");
    add(
        70016,
        "authorization_pending",
        "OAuth 2.0 device flow error. Authorization is pending. Continue polling.");
    add(
        70018,
        "bad_verification_code",
        "Bad verification code received. User typed in a wrong user code for device code flow.");
    add(70019, "expired_token", "Verification code expired. Have the user retry the sign-in.");
    add(70020, "authorization_declined", "The end user declined the authorization request.");
    add(
        70043,
        GRANT,
        "The refresh token has expired or is invalid due to sign-in frequency checks by conditional access.");
    add(
        90002,
        REQUEST,
        "Tenant not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.");
    add(90006, "temporarily_unavailable", "External server returned a retryable error.");
    add(90014, REQUEST, "The required field is missing from the request.");
    add(
        90019,
        REQUEST,
        "No tenant-identifying information found in either the request or implied by any provided credentials.");
    add(90023, REQUEST, "Invalid STS request.");
    add(90033, "temporarily_unavailable", "A transient error has occurred. Please try again.");
    add(
        90055,
        "temporarily_unavailable",
        "The server has terminated the request because a tenant request rate limit was exceeded.");
    add(90119, REQUEST, "The user code is null or empty.");
    add(
        90120,
        GRANT,
        "Invalid request state during device authorization: the code was already redeemed or declined.");
    add(130004, GRANT, "NgcKey user principal doesn't have a key ID configured.");
    add(130005, GRANT, "NgcKey signature verification failed.");
    add(130006, GRANT, "The NGC transport key isn't configured on the device.");
    add(130502, GRANT, "Your Temporary Access Pass is blocked by policy.");
    add(
        130503,
        GRANT,
        "Your Temporary Access Pass is incorrect. If you don't know your pass, contact your administrator.");
    add(130504, GRANT, "Your Temporary Access Pass has expired.");
    add(130505, GRANT, "Your Temporary Access Pass has already been used.");
    add(135010, GRANT, "The key was not found.");
    add(135011, GRANT, "The device used during the authentication is disabled.");
    add(135016, GRANT, "FIDO sign-in is disabled via policy.");
    add(140000, GRANT, "Request nonce is not provided or is not valid.");
    add(140001, GRANT, "The session key is not valid.");
    add(
        165000,
        REQUEST,
        "Invalid Request: The request tokens do not match the user context. Do not copy the user context values (cookies; form fields; headers) between different requests or user sessions; always maintain the ALL of the supplied values across a complete single user flow.");
    add(500011, "invalid_resource", "The resource principal was not found in the tenant.");
    add(500121, GRANT, "Authentication failed during strong authentication request.");
    add(500341, GRANT, "The user account has been deleted from the directory.");
    add(
        501481,
        GRANT,
        "The Code_Verifier does not match the code_challenge supplied in the authorization request.");
    add(700003, GRANT, "Your device was deleted from the directory.");
    add(
        700005,
        GRANT,
        "The provided authorization code is intended to be used against another tenant, thus rejected.");
    add(700016, "unauthorized_client", "Application was not found in the directory.");
    add(
        700022,
        REQUEST,
        "The provided value for the input parameter scope isn't valid because it contains more than one resource.");
    add(
        700021,
        CLIENT,
        "Client assertion application identifier doesn't match 'client_id' parameter.");
    // The number also stands for a scope without a resource; here only this use occurs.
    add(700023, CLIENT, "Client assertion audience claim does not match Realm issuer.");
    add(700027, CLIENT, "Client assertion failed signature validation.");
    add(700024, CLIENT, "Client assertion is not within its valid time range.");
    add(700082, GRANT, "The refresh token has expired due to inactivity.");
    add(900144, REQUEST, "The request body must contain the required parameter.");
    add(901002, REQUEST, "The 'resource' request parameter isn't supported.");
    add(
        1002012,
        "invalid_scope",
        "The provided value for scope is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).");
    add(
        5000611,
        REQUEST,
        "Symmetric Key Derivation Function version is invalid. Update the device for the latest updates.");
    add(
        5002723,
        CLIENT,
        "Invalid JWT token. No certificate SHA-1 thumbprint, certificate SHA-256 thumbprint, nor keyId specified in token header.");
    add(
        5002738,
        CLIENT,
        "Invalid JWT token. The signature algorithm is not supported. Supported signing algorithms are: 'RS256, PS256'.");
    add(7000014, GRANT, "The provided value for the input parameter 'device_code' is not valid.");
    add(7000112, "unauthorized_client", "Application is disabled.");
    add(
        7000215,
        CLIENT,
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to the app.");
    add(
        7000218,
        CLIENT,
        "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.");
    add(7000222, CLIENT, "The provided client secret keys are expired.");
    add(9002313, REQUEST, "Invalid request. Request is malformed or invalid.");
  }

  private static void add(int code, String error, String text) {
    KNOWN.put(code, new Aadsts(error, error.equals(CLIENT) ? 401 : 400, text));
  }

  /** Never fails: a number nobody listed is an {@code invalid_grant}. */
  public static Aadsts of(int code) {
    return KNOWN.getOrDefault(
        code, new Aadsts(GRANT, 400, "The request was refused (error " + code + ")."));
  }
}
