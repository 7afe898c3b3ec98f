package himmelblau.hsm.tpm.internal;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.util.Arrays;

/** Commands on objects, through the session of a connection. Used by one thread. */
final class ObjectCommands {
  private static final int MAX_BUFFER = 1024;
  private static final byte[] NONE = new byte[0];

  private final TpmConnection connection;

  ObjectCommands(TpmConnection connection) {
    this.connection = connection;
  }

  /** What keeps an object: TPM2B_PRIVATE's bytes, and TPM2B_PUBLIC in the TPM's byte format. */
  record Created(byte[] privateArea, byte[] publicArea) {}

  /**
   * Makes an object below {@code parent}.
   *
   * @param auth its auth value; borrowed
   * @param data what it seals; empty for a key that the TPM makes; borrowed
   */
  Created create(int parent, byte[] template, byte[] auth, byte[] data) throws TpmError {
    PointerByReference outPrivate = new PointerByReference();
    PointerByReference outPublic = new PointerByReference();
    byte[] sensitive = new TpmEncoding().sized(auth).sized(data).sizedBytes();
    try (Buffers buffers = new Buffers()) {
      TpmConnection.check(
          "TPM2_Create",
          Tss.esys()
              .Esys_Create(
                  connection.esys(),
                  parent,
                  connection.session(TpmConnection.BOTH),
                  Tss.TR_NONE,
                  Tss.TR_NONE,
                  buffers.structure(
                      "TPM2B_SENSITIVE_CREATE",
                      sensitive,
                      Tss.mu()::Tss2_MU_TPM2B_SENSITIVE_CREATE_Unmarshal),
                  publicStructure(buffers, template),
                  buffers.empty(),
                  buffers.empty(),
                  outPrivate,
                  outPublic,
                  null,
                  null,
                  null));
      return new Created(
          Buffers.take(outPrivate.getValue()),
          Buffers.bytes(
              "TPM2B_PUBLIC", outPublic.getValue(), Tss.mu()::Tss2_MU_TPM2B_PUBLIC_Marshal));
    } finally {
      Arrays.fill(sensitive, (byte) 0);
      TpmConnection.free(outPrivate);
      TpmConnection.free(outPublic);
    }
  }

  int load(int parent, Created object) throws TpmError {
    IntByReference handle = new IntByReference();
    try (Buffers buffers = new Buffers()) {
      TpmConnection.check(
          "TPM2_Load",
          Tss.esys()
              .Esys_Load(
                  connection.esys(),
                  parent,
                  connection.session(TpmConnection.BOTH),
                  Tss.TR_NONE,
                  Tss.TR_NONE,
                  buffers.sized(object.privateArea()),
                  buffers.structure(
                      "TPM2B_PUBLIC",
                      object.publicArea(),
                      Tss.mu()::Tss2_MU_TPM2B_PUBLIC_Unmarshal),
                  handle));
    }
    return handle.getValue();
  }

  /** Takes in a duplicate under an inner wrapper; gives the private area below {@code parent}. */
  byte[] importObject(int parent, byte[] wrapper, byte[] publicArea, byte[] duplicate)
      throws TpmError {
    PointerByReference outPrivate = new PointerByReference();
    try (Buffers buffers = new Buffers()) {
      Pointer symmetric =
          buffers.structure(
              "TPMT_SYM_DEF_OBJECT",
              new TpmEncoding().u16(Template.AES).u16(128).u16(Template.CFB).bytes(),
              Tss.mu()::Tss2_MU_TPMT_SYM_DEF_OBJECT_Unmarshal);
      TpmConnection.check(
          "TPM2_Import",
          Tss.esys()
              .Esys_Import(
                  connection.esys(),
                  parent,
                  connection.session(TpmConnection.BOTH),
                  Tss.TR_NONE,
                  Tss.TR_NONE,
                  buffers.sized(wrapper),
                  publicStructure(buffers, publicArea),
                  buffers.sized(duplicate),
                  buffers.empty(),
                  symmetric,
                  outPrivate));
      return Buffers.take(outPrivate.getValue());
    } finally {
      TpmConnection.free(outPrivate);
    }
  }

  /** TPMT_SIGNATURE in its byte format. */
  byte[] sign(int key, byte[] digest, int scheme) throws TpmError {
    PointerByReference signature = new PointerByReference();
    try (Buffers buffers = new Buffers()) {
      Pointer inScheme =
          buffers.structure(
              "TPMT_SIG_SCHEME",
              new TpmEncoding().u16(scheme).u16(Template.SHA256).bytes(),
              Tss.mu()::Tss2_MU_TPMT_SIG_SCHEME_Unmarshal);
      Pointer noTicket =
          buffers.structure(
              "TPMT_TK_HASHCHECK",
              new TpmEncoding().u16(0x8024).u32(0x40000007).sized(NONE).bytes(),
              Tss.mu()::Tss2_MU_TPMT_TK_HASHCHECK_Unmarshal);
      TpmConnection.check(
          "TPM2_Sign",
          Tss.esys()
              .Esys_Sign(
                  connection.esys(),
                  key,
                  connection.session(TpmConnection.DECRYPT),
                  Tss.TR_NONE,
                  Tss.TR_NONE,
                  buffers.sized(digest),
                  inScheme,
                  noTicket,
                  signature));
      return Buffers.bytes(
          "TPMT_SIGNATURE", signature.getValue(), Tss.mu()::Tss2_MU_TPMT_SIGNATURE_Marshal);
    } finally {
      TpmConnection.free(signature);
    }
  }

  byte[] rsaDecrypt(int key, byte[] cipher, int hash) throws TpmError {
    PointerByReference message = new PointerByReference();
    try (Buffers buffers = new Buffers()) {
      Pointer scheme =
          buffers.structure(
              "TPMT_RSA_DECRYPT",
              new TpmEncoding().u16(Template.OAEP).u16(hash).bytes(),
              Tss.mu()::Tss2_MU_TPMT_RSA_DECRYPT_Unmarshal);
      TpmConnection.check(
          "TPM2_RSA_Decrypt",
          Tss.esys()
              .Esys_RSA_Decrypt(
                  connection.esys(),
                  key,
                  connection.session(TpmConnection.BOTH),
                  Tss.TR_NONE,
                  Tss.TR_NONE,
                  buffers.sized(cipher),
                  scheme,
                  buffers.empty(),
                  message));
      return Buffers.take(message.getValue());
    } finally {
      TpmConnection.free(message);
    }
  }

  byte[] hmac(int key, byte[] data) throws TpmError {
    PointerByReference out = new PointerByReference();
    try (Buffers buffers = new Buffers()) {
      if (data.length <= MAX_BUFFER) {
        TpmConnection.check(
            "TPM2_HMAC",
            Tss.esys()
                .Esys_HMAC(
                    connection.esys(),
                    key,
                    connection.session(TpmConnection.BOTH),
                    Tss.TR_NONE,
                    Tss.TR_NONE,
                    buffers.sized(data),
                    (short) Template.SHA256,
                    out));
      } else {
        hmacInParts(key, data, out);
      }
      return Buffers.take(out.getValue());
    } finally {
      TpmConnection.free(out);
    }
  }

  private void hmacInParts(int key, byte[] data, PointerByReference out) throws TpmError {
    IntByReference sequence = new IntByReference();
    PointerByReference ticket = new PointerByReference();
    int last = (data.length - 1) / MAX_BUFFER * MAX_BUFFER;
    try (Buffers buffers = new Buffers()) {
      TpmConnection.check(
          "TPM2_HMAC_Start",
          Tss.esys()
              .Esys_HMAC_Start(
                  connection.esys(),
                  key,
                  connection.session(TpmConnection.DECRYPT),
                  Tss.TR_NONE,
                  Tss.TR_NONE,
                  buffers.empty(),
                  (short) Template.SHA256,
                  sequence));
      for (int at = 0; at < last; at += MAX_BUFFER) {
        try (Buffers part = new Buffers()) {
          TpmConnection.check(
              "TPM2_SequenceUpdate",
              Tss.esys()
                  .Esys_SequenceUpdate(
                      connection.esys(),
                      sequence.getValue(),
                      connection.session(TpmConnection.DECRYPT),
                      Tss.TR_NONE,
                      Tss.TR_NONE,
                      part.sized(Arrays.copyOfRange(data, at, at + MAX_BUFFER))));
        }
      }
      TpmConnection.check(
          "TPM2_SequenceComplete",
          Tss.esys()
              .Esys_SequenceComplete(
                  connection.esys(),
                  sequence.getValue(),
                  connection.session(TpmConnection.BOTH),
                  Tss.TR_NONE,
                  Tss.TR_NONE,
                  buffers.sized(Arrays.copyOfRange(data, last, data.length)),
                  Tss.TR_NULL,
                  out,
                  ticket));
    } finally {
      TpmConnection.free(ticket);
    }
  }

  byte[] unseal(int object) throws TpmError {
    PointerByReference data = new PointerByReference();
    try {
      TpmConnection.check(
          "TPM2_Unseal",
          Tss.esys()
              .Esys_Unseal(
                  connection.esys(),
                  object,
                  connection.session(TpmConnection.ENCRYPT),
                  Tss.TR_NONE,
                  Tss.TR_NONE,
                  data));
      return Buffers.take(data.getValue());
    } finally {
      TpmConnection.free(data);
    }
  }

  static Pointer publicStructure(Buffers buffers, byte[] publicArea) throws TpmError {
    return buffers.structure(
        "TPM2B_PUBLIC",
        new TpmEncoding().sized(publicArea).bytes(),
        Tss.mu()::Tss2_MU_TPM2B_PUBLIC_Unmarshal);
  }
}
