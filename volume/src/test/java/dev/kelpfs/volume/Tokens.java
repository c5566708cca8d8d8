package dev.kelpfs.volume;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tokens as any client makes them, without the code that checks them. */
final class Tokens {
    private Tokens() {}

    /** @param fileId the one file that the token is for */
    static String signed(String key, String fileId) throws Exception {
        String text = encoded("{\"alg\":\"HS256\"}") + "." + encoded("{\"fid\":\"" + fileId + "\"}");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return text + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(
                mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The header value that carries it. */
    static String bearer(String key, String fileId) throws Exception {
        return "Bearer " + signed(key, fileId);
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
