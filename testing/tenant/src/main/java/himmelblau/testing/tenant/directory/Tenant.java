package himmelblau.testing.tenant.directory;

import java.util.List;
import java.util.UUID;

/**
 * One directory.
 *
 * @param domains verified domains, lower case; the first is the default one
 */
public record Tenant(UUID id, String name, String region, List<String> domains) {}
