package dev.kelpfs.volume.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuardTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
    private static final String FID = "3,01637037d6";

    private final TokenKey key = new TokenKey("secret");

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3, true", "10.255.0.1, true", "11.0.0.1, false", "192.168.1.7, true", "192.168.1.8, false", "::1, true",
        "fd00::5, true", "fe80::5, false"
    })
    void admitsAddressesAndNetworks(String peer, boolean admitted) {
        WhiteList list = WhiteList.of(List.of("10.0.0.0/8", " 192.168.1.7 ", "::1", "fd00::/9", ""));

        assertThat(list.admits(InetAddress.ofLiteral(peer))).isEqualTo(admitted);
    }

    @Test
    void anEmptyListAdmitsAll() {
        assertThat(WhiteList.of(List.of()).admits(InetAddress.ofLiteral("1.2.3.4"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "10.0.0.0/33", "10.0.0.0/x", "10.0.0.0/-1", "/8"})
    void refusesWhatIsNoNetwork(String entry) {
        assertThatThrownBy(() -> WhiteList.of(List.of(entry))).hasMessageContaining(entry);
    }

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
