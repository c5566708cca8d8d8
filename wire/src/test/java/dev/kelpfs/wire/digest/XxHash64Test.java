package dev.kelpfs.wire.digest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class XxHash64Test {
    @Test
    void hashesTheKnownVectors() {
        assertThat(hash("")).isEqualTo(0xEF46DB3751D8E999L);
        assertThat(hash("a")).isEqualTo(0xD24EC4F1A98C6E5BL);
        assertThat(hash("abc")).isEqualTo(0x44BC2CF5AD770999L);
    }

    @Test
    void hashesMoreThanOneStripe() {
        assertThat(hash("Nobody inspects the spammish repetition")).isEqualTo(0xFBCEA83C8A378BF1L);
    }

    @Test
    void aPartHashesLikeTheSameBytesAlone() {
        byte[] padded = "..Nobody inspects the spammish repetition.".getBytes(StandardCharsets.US_ASCII);
        assertThat(XxHash64.of(padded, 2, padded.length - 3, 0)).isEqualTo(hash("Nobody inspects the spammish repetition"));
    }

    private static long hash(String text) {
        return XxHash64.of(text.getBytes(StandardCharsets.US_ASCII));
    }
}
