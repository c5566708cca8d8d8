package dev.kelpfs.master.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class TokenSignerTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(1000));

    @Test
    void signsFileAndExpiry() throws Exception {
        String token = new TokenSigner("secret", 10, CLOCK).sign("3,01637037d6");
        String[] parts = token.split("\\.");
        assertThat(decoded(parts[0])).isEqualTo("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");
        assertThat(decoded(parts[1])).isEqualTo("{\"fid\":\"3,01637037d6\",\"exp\":1010}");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("secret".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        byte[] expected = mac.doFinal((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        assertThat(Base64.getUrlDecoder().decode(parts[2])).isEqualTo(expected);
    }

    @Test
    void withoutAKeyNothingIsSigned() {
        assertThat(new TokenSigner("", 10, CLOCK).sign("3,01637037d6")).isEmpty();
    }

    private static String decoded(String part) {
        return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
    }
}
