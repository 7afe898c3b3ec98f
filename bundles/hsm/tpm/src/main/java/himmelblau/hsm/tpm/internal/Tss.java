package himmelblau.hsm.tpm.internal;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import org.jspecify.annotations.Nullable;

/**
 * The three libraries of tpm2-tss that we use, loaded on first use. Their structures are not
 * declared in Java: the marshalling library converts them from and to the byte format of the TPM.
 */
final class Tss {
  static final int TR_NONE = 0xfff;
  static final int TR_PASSWORD = 0xff;
  static final int TR_OWNER = 0x101;
  static final int TR_NULL = 0x107;

  private Tss() {}

  /** Held by a class of its own, so that hosts without a TPM never load anything. */
  private static final class Loaded {
    static final Esys ESYS;
    static final Mu MU;
    static final TctiLdr TCTI;

    static {
      // Disables the libraries' messages on standard error; errors are reported as exceptions.
      Native.load("c", LibC.class).setenv("TSS2_LOG", "all+NONE", 0);
      ESYS = Native.load("libtss2-esys.so.0", Esys.class);
      MU = Native.load("libtss2-mu.so.0", Mu.class);
      TCTI = Native.load("libtss2-tctildr.so.0", TctiLdr.class);
    }
  }

  /**
   * Loads the libraries.
   *
   * @throws UnsatisfiedLinkError if they are not installed
   */
  static Esys esys() {
    return Loaded.ESYS;
  }

  static Mu mu() {
    return Loaded.MU;
  }

  static TctiLdr tcti() {
    return Loaded.TCTI;
  }

  /** setenv(3). */
  interface LibC extends Library {
    int setenv(String name, String value, int overwrite);
  }

  /** tss2_tctildr.h. */
  interface TctiLdr extends Library {
    int Tss2_TctiLdr_Initialize(String nameConf, PointerByReference context);

    void Tss2_TctiLdr_Finalize(PointerByReference context);
  }

  /** tss2_mu.h: {@code offset} is a size_t. */
  interface Mu extends Library {
    int Tss2_MU_TPM2B_PUBLIC_Unmarshal(
        byte[] buffer, long size, LongByReference offset, Pointer to);

    int Tss2_MU_TPM2B_PUBLIC_Marshal(
        Pointer from, byte[] buffer, long size, LongByReference offset);

    int Tss2_MU_TPM2B_SENSITIVE_CREATE_Unmarshal(
        byte[] buffer, long size, LongByReference offset, Pointer to);

    int Tss2_MU_TPMT_SYM_DEF_Unmarshal(
        byte[] buffer, long size, LongByReference offset, Pointer to);

    int Tss2_MU_TPMT_SYM_DEF_OBJECT_Unmarshal(
        byte[] buffer, long size, LongByReference offset, Pointer to);

    int Tss2_MU_TPMT_SIG_SCHEME_Unmarshal(
        byte[] buffer, long size, LongByReference offset, Pointer to);

    int Tss2_MU_TPMT_RSA_DECRYPT_Unmarshal(
        byte[] buffer, long size, LongByReference offset, Pointer to);

    int Tss2_MU_TPMT_TK_HASHCHECK_Unmarshal(
        byte[] buffer, long size, LongByReference offset, Pointer to);

    int Tss2_MU_TPMT_SIGNATURE_Marshal(
        Pointer from, byte[] buffer, long size, LongByReference offset);

    int Tss2_MU_TPMS_CAPABILITY_DATA_Marshal(
        Pointer from, byte[] buffer, long size, LongByReference offset);
  }

  /** tss2_esys.h; each handle is an ESYS_TR, each {@code s} a session. */
  interface Esys extends Library {
    int Esys_Initialize(PointerByReference esys, Pointer tcti, @Nullable Pointer abi);

    void Esys_Finalize(PointerByReference esys);

    void Esys_Free(Pointer memory);

    int Esys_Startup(Pointer esys, short type);

    int Esys_GetCapability(
        Pointer esys,
        int s1,
        int s2,
        int s3,
        int capability,
        int property,
        int count,
        Pointer more,
        PointerByReference data);

    int Esys_StartAuthSession(
        Pointer esys,
        int key,
        int bind,
        int s1,
        int s2,
        int s3,
        @Nullable Pointer nonce,
        byte type,
        Pointer symmetric,
        short hash,
        IntByReference session);

    int Esys_TRSess_SetAttributes(Pointer esys, int session, byte flags, byte mask);

    int Esys_TR_SetAuth(Pointer esys, int handle, Pointer auth);

    int Esys_TR_GetName(Pointer esys, int handle, PointerByReference name);

    int Esys_FlushContext(Pointer esys, int handle);

    int Esys_ContextSave(Pointer esys, int handle, PointerByReference context);

    int Esys_ContextLoad(Pointer esys, Pointer context, IntByReference handle);

    int Esys_CreatePrimary(
        Pointer esys,
        int hierarchy,
        int s1,
        int s2,
        int s3,
        Pointer sensitive,
        Pointer template,
        Pointer outside,
        Pointer pcrs,
        IntByReference handle,
        PointerByReference outPublic,
        @Nullable PointerByReference data,
        @Nullable PointerByReference hash,
        @Nullable PointerByReference ticket);

    int Esys_Create(
        Pointer esys,
        int parent,
        int s1,
        int s2,
        int s3,
        Pointer sensitive,
        Pointer template,
        Pointer outside,
        Pointer pcrs,
        PointerByReference outPrivate,
        PointerByReference outPublic,
        @Nullable PointerByReference data,
        @Nullable PointerByReference hash,
        @Nullable PointerByReference ticket);

    int Esys_Load(
        Pointer esys,
        int parent,
        int s1,
        int s2,
        int s3,
        Pointer inPrivate,
        Pointer inPublic,
        IntByReference handle);

    int Esys_Import(
        Pointer esys,
        int parent,
        int s1,
        int s2,
        int s3,
        Pointer key,
        Pointer objectPublic,
        Pointer duplicate,
        Pointer seed,
        Pointer symmetric,
        PointerByReference outPrivate);

    int Esys_Sign(
        Pointer esys,
        int key,
        int s1,
        int s2,
        int s3,
        Pointer digest,
        Pointer scheme,
        Pointer validation,
        PointerByReference signature);

    int Esys_RSA_Decrypt(
        Pointer esys,
        int key,
        int s1,
        int s2,
        int s3,
        Pointer cipher,
        Pointer scheme,
        Pointer label,
        PointerByReference message);

    int Esys_HMAC(
        Pointer esys,
        int key,
        int s1,
        int s2,
        int s3,
        Pointer buffer,
        short hash,
        PointerByReference out);

    int Esys_HMAC_Start(
        Pointer esys,
        int key,
        int s1,
        int s2,
        int s3,
        Pointer auth,
        short hash,
        IntByReference sequence);

    int Esys_SequenceUpdate(Pointer esys, int sequence, int s1, int s2, int s3, Pointer buffer);

    int Esys_SequenceComplete(
        Pointer esys,
        int sequence,
        int s1,
        int s2,
        int s3,
        Pointer buffer,
        int hierarchy,
        PointerByReference result,
        PointerByReference validation);

    int Esys_Unseal(Pointer esys, int item, int s1, int s2, int s3, PointerByReference data);
  }
}
