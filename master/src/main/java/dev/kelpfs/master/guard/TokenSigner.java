package dev.kelpfs.master.guard;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs tokens that let their bearer read or write one file: JWTs by HS256 with the claims {@code fid} and {@code exp}.
 * Without a key it signs nothing. Safe for all threads.
 */
public final class TokenSigner {
    private static final String ALGORITHM = "HmacSHA256";
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final String HEADER = encode("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");

    private final SecretKeySpec key;
    private final boolean signs;
    private final int validSeconds;
    private final InstantSource clock;

    /**
     * @param key empty for a signer that signs nothing
     * @param validSeconds 0 for tokens that never expire
     */
    public TokenSigner(String key, int validSeconds, InstantSource clock) {
        this.signs = !key.isEmpty();
        // The algorithm takes no empty key, and nothing is ever signed with this one.
        this.key = new SecretKeySpec(signs ? key.getBytes(StandardCharsets.UTF_8) : new byte[1], ALGORITHM);
        this.validSeconds = validSeconds;
        this.clock = clock;
    }

    /** A token for a file id, without {@code _N}; empty if this signer has no key. */
    public String sign(String fileId) {
        if (!signs) return "";
        String expiry = validSeconds > 0 ? ",\"exp\":" + (clock.instant().getEpochSecond() + validSeconds) : "";
        // File ids are digits, a comma and hex digits; nothing in them needs an escape.
        String signed = HEADER + "." + encode("{\"fid\":\"" + fileId + "\"" + expiry + "}");
        return signed + "." + BASE64.encodeToString(mac(signed));
    }

    private byte[] mac(String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this Java runtime has no " + ALGORITHM, missing);
        }
    }

    private static String encode(String text) {
        return BASE64.encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
