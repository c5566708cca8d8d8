package dev.kelpfs.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.core.FileId;
import dev.kelpfs.testkit.Seed;
import java.net.http.HttpHeaders;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The judge of the other tests: it must see what is wrong, and forgive only what was never promised. */
class LedgerTest {
    private static final Ledger.Content OLD = new Ledger.Content(new Seed(1), 10);
    private static final Ledger.Content NEW = new Ledger.Content(new Seed(2), 10);
    private static final HttpFiles.Place PLACE = new HttpFiles.Place(FileId.parse("3,01637037d6"), "127.0.0.1:1");

    private final Ledger ledger = new Ledger();
    private final Ledger.Entry entry = ledger.open(PLACE);

    @Test
    void whatWasAcknowledgedMustBeThere() {
        acknowledged(Optional.of(OLD));
        assertThat(entry.check(found(OLD))).isEmpty();
        assertThat(entry.check(missing())).isPresent();
        assertThat(entry.check(found(NEW))).isPresent();
        assertThat(entry.check(new Answer(500, none(), OLD.bytes()))).isPresent();
    }

    @Test
    void whatWasDeletedMustStayAway() {
        acknowledged(Optional.of(OLD));
        acknowledged(Optional.empty());
        assertThat(entry.check(missing())).isEmpty();
        assertThat(entry.check(found(OLD))).isPresent();
    }

    @Test
    void whatWasUnderWayMayHaveHappenedOrNotButDecidesOnce() {
        acknowledged(Optional.of(OLD));
        entry.begin(Optional.of(NEW));
        assertThat(entry.check(missing())).isPresent();
        assertThat(entry.check(found(NEW))).isEmpty();
        assertThat(entry.check(found(OLD))).as("it was new before").isPresent();
        entry.begin(Optional.empty());
        assertThat(entry.check(found(NEW))).isEmpty();
        assertThat(entry.check(missing())).as("it was there before").isPresent();
    }

    @Test
    void anIdIsGivenOutOnce() {
        HttpFiles.Place otherCookie = new HttpFiles.Place(FileId.parse("3,01637037d7"), PLACE.url());
        assertThatThrownBy(() -> ledger.open(otherCookie)).isInstanceOf(AssertionError.class).hasMessageContaining("twice");
        ledger.open(new HttpFiles.Place(FileId.parse("4,01637037d6"), PLACE.url()));
        assertThat(ledger.entries()).hasSize(2);
    }

    private void acknowledged(Optional<Ledger.Content> state) {
        entry.begin(state);
        entry.acknowledge();
    }

    private static Answer found(Ledger.Content content) {
        return new Answer(200, none(), content.bytes());
    }

    private static Answer missing() {
        return new Answer(404, none(), new byte[0]);
    }

    private static HttpHeaders none() {
        return HttpHeaders.of(Map.of(), (name, value) -> true);
    }
}
