package himmelblau.hello.internal;

/**
 * The options of the administrator.
 *
 * @param enabled {@code enable_hello}
 * @param minimumLength {@code hello_pin_min_length}, bytes
 * @param retries {@code hello_pin_retry_count}; 0 = PINs are off
 * @param codes {@code enable_hello_totp}
 */
record HelloSettings(boolean enabled, int minimumLength, int retries, boolean codes) {
  HelloSettings {
    minimumLength = PinRules.minimum(minimumLength);
  }

  boolean off() {
    return !enabled || retries <= 0;
  }
}
