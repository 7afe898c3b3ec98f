package example.roster;

import himmelblau.api.domain.DomainUnavailable;
import himmelblau.api.mfa.Challenge;
import himmelblau.api.mfa.FactorOffer;
import himmelblau.api.mfa.Prompt;
import himmelblau.api.mfa.WebAuthn;
import himmelblau.api.secret.Secret;
import java.time.Duration;
import java.util.Optional;

/** One code of the printed list, which the server chooses and checks. */
final class CodeChallenge implements Challenge {
  private static final Duration DEADLINE = Duration.ofMinutes(5);

  private final RosterClient client;
  private final FactorOffer offer;
  private final String ticket;
  private Optional<RosterClient.Reply> proof = Optional.empty();

  CodeChallenge(RosterClient client, FactorOffer offer, String ticket) {
    this.client = client;
    this.offer = offer;
    this.ticket = ticket;
  }

  /** The server's reply to the right code. */
  Optional<RosterClient.Reply> proof() {
    return proof;
  }

  /** Whether it belongs to the sign-in with that ticket. */
  boolean of(String other) {
    return ticket.equals(other);
  }

  @Override
  public FactorOffer offer() {
    return offer;
  }

  @Override
  public Prompt begin() throws DomainUnavailable {
    String number =
        client.ask("challenge", new RosterClient.Form().with("ticket", ticket)).value("number");
    return Prompt.waiting(SHORTEST, DEADLINE).withNumber(number);
  }

  @Override
  public Progress poll() {
    return proof.isPresent() ? Progress.APPROVED : Progress.PENDING;
  }

  @Override
  public Progress submit(Secret code) throws DomainUnavailable {
    RosterClient.Reply reply =
        client.ask("code", new RosterClient.Form().with("ticket", ticket).with("code", code));
    if (reply.status() == 200) {
      proof = Optional.of(reply);
      return Progress.APPROVED;
    }
    return reply.status() == 410 ? Progress.EXPIRED : Progress.DENIED;
  }

  @Override
  public Progress respond(WebAuthn.Assertion assertion) {
    throw new IllegalStateException("A printed list has no security key");
  }
}
