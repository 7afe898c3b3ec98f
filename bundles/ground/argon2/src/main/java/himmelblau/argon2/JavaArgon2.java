package himmelblau.argon2;

import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** Bouncy Castle's, for a host without libargon2. */
final class JavaArgon2 implements Argon2id.Computation {
  @Override
  public void derive(Argon2id cost, byte[] password, byte[] salt, byte[] secret, byte[] out) {
    Blocks blocks = Blocks.take();
    Argon2Parameters parameters =
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(cost.kibibytes())
            .withIterations(cost.passes())
            .withParallelism(1)
            .withSalt(salt)
            .withSecret(secret)
            .withBlockPool(blocks)
            .build();
    try {
      Argon2BytesGenerator generator = new Argon2BytesGenerator();
      generator.init(parameters);
      generator.generateBytes(password, out);
    } finally {
      Blocks.giveBack(blocks);
      parameters.clear();
    }
  }
}
