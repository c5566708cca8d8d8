package dev.kelpfs.volume.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenKeyTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
    private static final String FID = "3,01637037d6";

    private final TokenKey key = new TokenKey("secret");

    @ParameterizedTest
    @CsvSource({"HS256, HmacSHA256", "HS384, HmacSHA384", "HS512, HmacSHA512"})
    void admitsASignedTokenOfTheFile(String algorithm, String mac) throws Exception {
        String token = token(algorithm, mac, "secret", "{\"fid\":\"" + FID + "\",\"exp\":1700000001}");

        assertThat(key.admits(token, FID, NOW)).isTrue();
        assertThat(key.admits(token, "3,02637037d6", NOW)).as("another file").isFalse();
        assertThat(key.admits(token, FID, NOW.plusSeconds(1))).as("expired").isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a.b", "a.b.c", "a.b.c.d", "!!.??.--"})
    void refusesGarbage(String token) {
        assertThat(key.admits(token, FID, NOW)).isFalse();
    }

    @Test
    void refusesOtherKeysAlgorithmsAndTimes() throws Exception {
        String claims = "{\"fid\":\"" + FID + "\"}";
        assertThat(key.admits(token("HS256", "HmacSHA256", "other", claims), FID, NOW)).isFalse();
        assertThat(key.admits(token("none", "HmacSHA256", "secret", claims), FID, NOW)).isFalse();
        String early = token("HS256", "HmacSHA256", "secret", "{\"fid\":\"" + FID + "\",\"nbf\":1700000100}");
        assertThat(key.admits(early, FID, NOW)).isFalse();
        String textTime = token("HS256", "HmacSHA256", "secret", "{\"fid\":\"" + FID + "\",\"exp\":\"never\"}");
        assertThat(key.admits(textTime, FID, NOW)).isFalse();
    }

    private static String token(String algorithm, String macName, String key, String claims) throws Exception {
        String text = encoded("{\"alg\":\"" + algorithm + "\",\"typ\":\"JWT\"}") + "." + encoded(claims);
        Mac mac = Mac.getInstance(macName);
        mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), macName));
        byte[] signature = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        return text + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
