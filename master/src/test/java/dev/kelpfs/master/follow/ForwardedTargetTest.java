package dev.kelpfs.master.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.http.Query;
import java.net.URI;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForwardedTargetTest {
    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {
        "/dir/assign,collection=a&ttl=3m,/dir/assign?collection=a&ttl=3m",
        "/dir/assign,,/dir/assign",
        "/dir/assign,collection=a|b,/dir/assign?collection=a%7Cb",
        "/a%20b,c=%C3%A4+d%2b,/a%20b?c=%C3%A4+d%2b",
        "/{x}\"<>,[y]#=^,/%7Bx%7D%22%3C%3E?%5By%5D%23=%5E",
        "/x,a=%zz&b=1&c=%&%4=2,/x?b=1",
        "/x,&&a?=1&,/x?a?=1",
        "*,,/*",
    })
    void whatAUriDoesNotAllowIsEncoded(String path, String query, String expected) {
        assertThat(ForwardedTarget.of(path, query == null ? "" : query)).isEqualTo(expected);
    }

    @Test
    void everyQueryIsAUriWithTheSameParameters() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            StringBuilder query = new StringBuilder();
            int length = random.nextInt(12);
            for (int i = 0; i < length; i++) {
                // Everything that a request line lets through, and often what has a meaning.
                query.append(random.nextBoolean() ? "%&=+;a1?".charAt(random.nextInt(8)) : (char) (0x21 + random.nextInt(0xff - 0x21)));
            }
            String raw = query.toString().replace("\u007f", "");
            URI uri = URI.create("http://localhost:9333" + ForwardedTarget.of("/", raw));
            String sent = uri.getRawQuery() == null ? "" : uri.getRawQuery();
            assertThat(Query.parse(sent).asMap()).as("seed %d, query %s", seed, raw).isEqualTo(Query.parse(raw).asMap());
        }
    }
}
