package himmelblau.directory.internal.ids;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.text.Normalizer;
import java.util.HashSet;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Our ids compared with those of SSSD's library (libsss-idmap0, which testing/install-deps
 * installs): where the algorithms agree, and where they differ (decision 0590).
 */
class SssdMappingTest {
  private static final int MANY = 20_000;
  private static final int FINE = 0;
  private static final int SID_INVALID = 6;
  private static final int NO_RANGE = 8;
  private static final int SLICE = 200_000;

  /** Of sss_idmap.h. */
  public interface Sssd extends Library {
    int sss_idmap_init(Pointer alloc, Pointer pvt, Pointer free, PointerByReference context);

    int sss_idmap_free(Pointer context);

    int sss_idmap_ctx_set_lower(Pointer context, int lower);

    int sss_idmap_ctx_set_upper(Pointer context, int upper);

    int sss_idmap_ctx_set_rangesize(Pointer context, int size);

    int sss_idmap_calculate_range(Pointer context, byte[] id, Pointer slice, Range range);

    int sss_idmap_add_domain_ex(
        Pointer context, String name, String sid, Range range, String id, int rid, byte external);

    int sss_idmap_sid_to_unix(Pointer context, String sid, IntByReference id);
  }

  /** struct sss_idmap_range. */
  @Structure.FieldOrder({"min", "max"})
  public static final class Range extends Structure {
    public int min;
    public int max;

    public Range() {}

    Range(long min, long max) {
      this.min = (int) min;
      this.max = (int) max;
    }
  }

  private final Random random = new Random(20);
  private Sssd sssd;
  private Pointer context;

  @BeforeEach
  void begin() {
    try {
      sssd = Native.load("libsss_idmap.so.0", Sssd.class);
    } catch (UnsatisfiedLinkError e) {
      Assumptions.abort("SSSD's library is not here: testing/install-deps test");
    }
    context = fresh();
  }

  @AfterEach
  void end() {
    if (context != null) {
      sssd.sss_idmap_free(context);
    }
  }

  private Pointer fresh() {
    PointerByReference made = new PointerByReference();
    assertEquals(FINE, sssd.sss_idmap_init(null, null, null, made));
    return made.getValue();
  }

  private static byte[] terminated(String text) {
    return (text + "\0").getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  /** The id at the begin of the slice that SSSD chooses for what is called so. */
  private long slice(String text) {
    Range range = new Range();
    assertEquals(FINE, sssd.sss_idmap_calculate_range(context, terminated(text), null, range));
    return Integer.toUnsignedLong(range.min);
  }

  private String name() {
    StringBuilder text = new StringBuilder();
    int length = 1 + random.nextInt(40);
    for (int i = 0; i < length; i++) {
      int c =
          random.nextInt(4) > 0
              ? 'a' + random.nextInt(26)
              : 0xA1 + random.nextInt(random.nextBoolean() ? 0x300 : 0xD000);
      text.appendCodePoint(Character.isDefined(c) && !Character.isSurrogate((char) c) ? c : '.');
    }
    return text.append('@').append(random.nextInt(1000)).append(".onmicrosoft.com").toString();
  }

  /**
   * By name we do with a UPN (folded) what SSSD does with a domain's SID: MurmurHash3 with its seed
   * chooses a slice, and ours are one id wide.
   */
  @Test
  void aNameIsPlacedAsSssdPlacesADomain() {
    Set<Long> ids = new HashSet<>();
    for (int i = 0; i < MANY; i++) {
      IdRange range = IdRange.DEFAULT;
      if (i % 2 == 1) {
        long min = random.nextLong(0xFFFF_0000L);
        range = new IdRange(min, min + random.nextLong(0xFFFF_FFF0L - min));
      }
      sssd.sss_idmap_ctx_set_rangesize(context, 1);
      sssd.sss_idmap_ctx_set_lower(context, (int) range.min());
      sssd.sss_idmap_ctx_set_upper(context, (int) (range.max() + 1)); // not included there
      String name = name();
      String folded = Normalizer.normalize(name.toLowerCase(Locale.ROOT), Normalizer.Form.NFKC);
      assertEquals(OptionalLong.of(slice(folded)), IdHash.ofName(name, range), name + " " + range);
      ids.add(slice(folded));
    }
    assertTrue(ids.size() > MANY * 9 / 10, "they spread");
  }

  @Test
  void aDomainsSliceIsWhereTheSameHashSays() {
    for (int i = 0; i < MANY; i++) {
      String sid = domain();
      long slot = IdHash.ofName(sid.toLowerCase(Locale.ROOT), new IdRange(0, 9_999)).orElseThrow();
      long folded = IdRange.DEFAULT.min() + slot * SLICE;
      long real =
          IdRange.DEFAULT.min()
              + Integer.toUnsignedLong(
                      Murmur3.hash(sid.getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
                  % 10_000
                  * SLICE;
      assertEquals(real, slice(sid));
      assertEquals(folded, slice(sid.toLowerCase(Locale.ROOT)));
    }
  }

  private String domain() {
    return "S-1-5-21-%d-%d-%d".formatted(word(), word(), word());
  }

  private long word() {
    return Integer.toUnsignedLong(random.nextInt());
  }

  /**
   * By object id we do with the last part of Entra's SID what SSSD does with a RID, as long as the
   * range has room for it; beyond, SSSD has no id and we start again.
   */
  @Test
  void aRelativeIdThatFitsIsPlacedAlike() {
    int fitting = 0;
    for (int i = 0; i < MANY; i++) {
      long min = random.nextLong(0x7FFF_FFFFL);
      IdRange range = new IdRange(min, min + 1 + random.nextLong(0x7FFF_FFF0L));
      long width = range.max() - range.min();
      UUID object = new UUID(random.nextLong(), random.nextLong());
      long rid = Sid.of(object).relativeId();
      if (i % 4 == 1) {
        rid = width - 1 - random.nextLong(width);
        object =
            new UUID(
                object.getMostSignificantBits(),
                Integer.toUnsignedLong(Integer.reverseBytes((int) rid)));
        assertEquals(rid, Sid.of(object).relativeId());
      }
      long ours = IdHash.ofObjectId(object, range).orElseThrow();
      IntByReference theirs = new IntByReference();
      int answer = unix(range, rid, theirs);
      if (rid < width) {
        fitting++;
        assertEquals(FINE, answer);
        assertEquals(Integer.toUnsignedLong(theirs.getValue()), ours, range + " " + rid);
      } else if (rid == width) {
        assertEquals(range.max(), Integer.toUnsignedLong(theirs.getValue()));
        assertEquals(range.min(), ours, "the end of the range is nobody's");
      } else {
        assertEquals(NO_RANGE, answer);
        assertEquals(range.min() + rid % width, ours);
      }
    }
    assertTrue(fitting > MANY / 4);
  }

  private int unix(IdRange range, long rid, IntByReference id) {
    Pointer own = fresh();
    try {
      String sid = domain();
      assertEquals(
          FINE,
          sssd.sss_idmap_add_domain_ex(
              own, "x", sid, new Range(range.min(), range.max()), null, 0, (byte) 0));
      return sssd.sss_idmap_sid_to_unix(own, sid + "-" + rid, id);
    } finally {
      sssd.sss_idmap_free(own);
    }
  }

  /** Released SSSDs map no object of Entra ID at all: its SIDs are in no Windows domain. */
  @Test
  void noDomainOfSssdIsEntras() {
    String sid = Sid.of(UUID.fromString("cd4ebec9-434c-4bad-af7c-9c39a4127551")).toString();
    String domain = sid.substring(0, sid.lastIndexOf('-'));
    assertTrue(domain.startsWith("S-1-12-1-"));
    assertEquals(
        SID_INVALID,
        sssd.sss_idmap_add_domain_ex(
            context, "entra", domain, new Range(200_000, 399_999), null, 0, (byte) 0));
  }

  /** Somebody with an account in Active Directory, too, has two ids that have nothing in common. */
  @Test
  void theSameUserOfActiveDirectoryHasAnotherId() {
    for (int i = 0; i < 1000; i++) {
      String sid = domain();
      Pointer own = fresh();
      try {
        Range range = new Range();
        assertEquals(FINE, sssd.sss_idmap_calculate_range(own, terminated(sid), null, range));
        assertEquals(FINE, sssd.sss_idmap_add_domain_ex(own, "ad", sid, range, null, 0, (byte) 0));
        IntByReference id = new IntByReference();
        assertEquals(FINE, sssd.sss_idmap_sid_to_unix(own, sid + "-1104", id));
        assertEquals(slice(sid) + 1104, Integer.toUnsignedLong(id.getValue()));
        assertNotEquals(
            IdHash.ofName("user02@contoso.com", IdRange.DEFAULT).orElseThrow(),
            Integer.toUnsignedLong(id.getValue()));
      } finally {
        sssd.sss_idmap_free(own);
      }
    }
  }
}
