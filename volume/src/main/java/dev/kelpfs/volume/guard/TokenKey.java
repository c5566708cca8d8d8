package dev.kelpfs.volume.guard;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * Checks tokens that name one file: JWTs signed with a shared key by HS256, HS384 or HS512, with the claim
 * {@code fid} and optionally {@code exp} and {@code nbf} in seconds since the epoch. Safe for all threads.
 *
 * <p>Source: volume server, section 3.15.
 */
public final class TokenKey {
    /** Longer ones are refused unread. */
    private static final int MAX_TOKEN_CHARS = 8192;

    private static final Map<String, String> MAC_BY_ALGORITHM =
            Map.of("HS256", "HmacSHA256", "HS384", "HmacSHA384", "HS512", "HmacSHA512");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final byte[] key;

    public TokenKey(String key) {
        if (key.isEmpty()) throw new IllegalArgumentException("a signing key must not be empty");
        this.key = key.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * True if the token is signed with this key, valid now, and names exactly this subject.
     *
     * @param subject volume and key of the request as text, {@code 3,01637037d6}
     */
    public boolean admits(String token, String subject, Instant now) {
        if (token.length() > MAX_TOKEN_CHARS) return false;
        int first = token.indexOf('.');
        int second = token.indexOf('.', first + 1);
        if (first <= 0 || second < 0 || token.indexOf('.', second + 1) >= 0) return false;
        try {
            JsonNode head = JSON.readTree(decode(token.substring(0, first)));
            String mac = MAC_BY_ALGORITHM.get(head.path("alg").asString(""));
            if (mac == null) return false;
            byte[] expected = sign(mac, token.substring(0, second));
            if (!MessageDigest.isEqual(expected, decode(token.substring(second + 1)))) return false;
            return claimsHold(JSON.readTree(decode(token.substring(first + 1, second))), subject, now);
        } catch (IllegalArgumentException | JacksonException notAToken) {
            return false;
        }
    }

    /** A token that admits its bearer to one file until a moment. */
    public String issue(String subject, Instant expires) {
        String signed = encode("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "."
                + encode("{\"exp\":" + expires.getEpochSecond() + ",\"fid\":\"" + subject + "\"}");
        return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(sign("HmacSHA256", signed));
    }

    private static boolean claimsHold(JsonNode claims, String subject, Instant now) {
        JsonNode expires = claims.path("exp");
        JsonNode notBefore = claims.path("nbf");
        if (!isTimeOrMissing(expires) || !isTimeOrMissing(notBefore)) return false;
        double seconds = now.getEpochSecond();
        if (expires.isNumber() && seconds >= expires.asDouble()) return false;
        if (notBefore.isNumber() && seconds < notBefore.asDouble()) return false;
        return claims.path("fid").asString("").equals(subject);
    }

    private static boolean isTimeOrMissing(JsonNode claim) {
        return claim.isMissingNode() || claim.isNull() || claim.isNumber();
    }

    private byte[] sign(String algorithm, String text) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this Java runtime has no " + algorithm, missing);
        }
    }

    private static String encode(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] decode(String part) {
        return Base64.getUrlDecoder().decode(part);
    }
}
