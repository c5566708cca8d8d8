package dev.kelpfs.volume.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.Ttl;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UploadRulesTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

    @ParameterizedTest
    @CsvSource(emptyValue = "", value = {
        "a.txt, a.txt", "/home/me/a.txt, a.txt", "C:\\\\docs\\\\a.txt, a.txt", "a/b\\\\c, c", "dir/, dir", "'', ''", "/, ''"
    })
    void keepsTheLastComponentOfAName(String given, String kept) {
        assertThat(UploadRules.baseName(given)).isEqualTo(kept);
    }

    @ParameterizedTest
    @CsvSource(emptyValue = "", value = {
        "text/x, text/plain, text/x",
        "text/plain, text/plain, text/plain",
        "'', image/png, image/png",
        "application/octet-stream, image/png, image/png",
        "application/octet-stream, application/octet-stream, ''",
        "'', application/octet-stream, ''",
        "'', '', ''"
    })
    void aPartKeepsItsTypeOrTheGuess(String given, String guess, String kept) {
        assertThat(UploadRules.multipartMime(given, guess)).isEqualTo(kept);
    }

    @Test
    void aRawBodyKeepsWhatItIsGiven() {
        assertThat(UploadRules.rawMime("application/octet-stream", "image/png")).isEqualTo("application/octet-stream");
        assertThat(UploadRules.rawMime("", "image/png")).isEqualTo("image/png");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "text/plain; charset=x", "application/xml", "image/svg+xml-not", "audio/wav"})
    void knowsWhatShrinks(String mime) {
        assertThat(UploadRules.isCompressible(mime)).isEqualTo(!mime.startsWith("image/"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/xml; charset=utf-8", "TEXT/PLAIN", "image/png", "application/json", ""})
    void leavesTheRest(String mime) {
        assertThat(UploadRules.isCompressible(mime)).isFalse();
    }

    @Test
    void keepsACompressedFormBelowNineTenths() {
        assertThat(UploadRules.isWorthwhile(899, 1000)).isTrue();
        assertThat(UploadRules.isWorthwhile(900, 1000)).isFalse();
    }

    @Test
    void readsTheQuery() {
        Map<String, String> given = Map.of("ts", "1234", "ttl", "7d", "cm", "t", "fsync", "true", "type", "replicate");
        UploadQuery query = UploadQuery.of(name -> given.getOrDefault(name, ""), NOW);

        assertThat(query).isEqualTo(new UploadQuery(1234, Ttl.parse("1w"), true, true, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-5", "x", "1.5"})
    void anUnusableTimeIsNow(String ts) {
        UploadQuery query = UploadQuery.of(name -> name.equals("ts") ? ts : "", NOW);

        assertThat(query).isEqualTo(UploadQuery.plain(NOW));
    }

    @Test
    void keepsPairsSortedAndEscaped() {
        assertThat(Pairs.isPair("seaweed-colour")).isTrue();
        assertThat(Pairs.isPair("Seaweed")).isFalse();
        assertThat(Pairs.storedName("SEAWEED-my-COLOUR")).isEqualTo("My-Colour");
        byte[] stored = Pairs.encode(Map.of("B", "<x>", "A", "1"));
        assertThat(new String(stored, StandardCharsets.UTF_8)).isEqualTo("{\"A\":\"1\",\"B\":\"\\u003cx\\u003e\"}");
        assertThat(Pairs.decode(stored)).containsExactly(Map.entry("A", "1"), Map.entry("B", "<x>"));
        assertThat(Pairs.decode("{".getBytes(StandardCharsets.UTF_8))).isEmpty();
        assertThat(Pairs.encode(Map.of("A", "x".repeat(Pairs.MAX_BYTES)))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "a.txt        | inline; filename=a.txt",
        "12,df5e60    | inline; filename=\"12,df5e60\"",
        "a b\"c.txt   | inline; filename=\"a b\\\"c.txt\"",
        "h\u00f6hle-\u6d77\u5e26.bin | inline; filename*=utf-8''h%C3%B6hle-%E6%B5%B7%E5%B8%A6.bin"
    })
    void namesAFileInItsAnswer(String name, String header) {
        assertThat(Disposition.of(false, name)).isEqualTo(header);
    }
}
