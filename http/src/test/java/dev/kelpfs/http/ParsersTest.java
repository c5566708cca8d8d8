package dev.kelpfs.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.http.ByteRanges.Asked;
import dev.kelpfs.http.ByteRanges.ByteRange;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The small languages of HTTP: ranges, dates, queries, paths, ids. */
class ParsersTest {
    @ParameterizedTest
    @CsvSource({"bytes=0-4,0,5", "bytes=5-,5,11", "bytes=-3,13,3", "bytes=-99,0,16", "bytes=3-99,3,13", "bytes=15-15,15,1",
        "'bytes= 1 - 2 ,',1,2", "'bytes=,,7-7',7,1", "bytes=00-01,0,2", "bytes=0-99999999999999999999,0,16"})
    void oneRange(String header, long start, long length) {
        assertThat(ByteRanges.parse(header, 16)).isEqualTo(new Asked.One(new ByteRange(start, length)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes", "bytes:0-1", "Bytes=0-1", "bytes=1", "bytes=a-b", "bytes=17-", "bytes=16-", "bytes=4-3",
        "bytes=-",
        "bytes=+1-3", "bytes=--1", "bytes=-0", "bytes=0-1,x", "bytes=0-1-2", "bytes=1 2-3", "items=0-1",
        "bytes=99999999999999999999-"})
    void invalidRange(String header) {
        assertThat(ByteRanges.parse(header, 16)).isInstanceOf(Asked.Invalid.class);
    }

    @Test
    void severalRanges() {
        assertThat(ByteRanges.parse("bytes=0-1,4-5,-1", 16)).isEqualTo(
                new Asked.Several(List.of(new ByteRange(0, 2), new ByteRange(4, 2), new ByteRange(15, 1))));
        assertThat(ByteRanges.parse("bytes=0-10,5-15", 16)).isInstanceOf(Asked.Nothing.class);
        assertThat(ByteRanges.parse("bytes=", 16)).isInstanceOf(Asked.Nothing.class);
        assertThat(ByteRanges.parse("bytes= , ", 16)).isInstanceOf(Asked.Nothing.class);
        assertThat(ByteRanges.parse("", 16)).isInstanceOf(Asked.Whole.class);
        assertThat(ByteRanges.parse("bytes=0-", 0)).isInstanceOf(Asked.Invalid.class);
        assertThat(ByteRanges.parse("bytes=" + "0-0,".repeat(ByteRanges.MAX_RANGES), 1 << 20)).isInstanceOf(Asked.Several.class);
        assertThat(ByteRanges.parse("bytes=" + "0-0,".repeat(10_000), 1 << 20)).isInstanceOf(Asked.Invalid.class);
        assertThat(ByteRanges.parse("bytes=" + "0-,".repeat(3), Long.MAX_VALUE - 1)).isInstanceOf(Asked.Nothing.class);
        assertThat(new ByteRange(4, 2).contentRange(16)).isEqualTo("bytes 4-5/16");
    }

    @Test
    void datesComeBack() {
        Instant time = Instant.parse("1994-11-06T08:49:37Z");
        assertThat(HttpDates.format(time)).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
        assertThat(HttpDates.parse("Sun, 06 Nov 1994 08:49:37 GMT")).contains(time);
        assertThat(HttpDates.parse("Mon, 06 Nov 1994 08:49:37 GMT")).as("weekday does not fit").contains(time);
        for (LocalDateTime day = LocalDateTime.of(1999, 12, 30, 23, 59, 59); day.getYear() < 2002; day = day.plusHours(19)) {
            Instant each = day.toInstant(ZoneOffset.UTC);
            assertThat(HttpDates.parse(HttpDates.format(each))).contains(each);
        }
        assertThatThrownBy(() -> HttpDates.format(Instant.MAX)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 Nov 1994 08:49:37", "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994", "Xxx, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Xxx 1994 08:49:37 GMT",
        "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:4a:37 GMT", "sun, 06 nov 1994 08:49:37 gmt"})
    void otherDatesAreIgnored(String text) {
        assertThat(HttpDates.parse(text)).isEmpty();
    }

    @Test
    void queriesAreRead() {
        Query query = Query.parse("a=1&b=%C3%A4+x&a=2&c&=d&&e=%3D%26");
        assertThat(query.first("a")).contains("1");
        assertThat(query.all("a")).containsExactly("1", "2");
        assertThat(query.first("b")).contains("\u00e4 x");
        assertThat(query.first("c")).contains("");
        assertThat(query.first("")).contains("d");
        assertThat(query.first("e")).contains("=&");
        assertThat(query.first("f")).isEmpty();
        assertThat(query.fault()).isEmpty();
        assertThat(query.asMap()).containsOnlyKeys("a", "b", "c", "", "e");
        assertThat(Query.parse("").isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=1&b=%", "a=1&b=%2", "a=1&b=%zz", "a=1&%g0=b", "a=1&b=2;c=3", "x;y&a=1"})
    void faultyPartsAreLeftOutAndNamed(String raw) {
        Query query = Query.parse(raw);
        assertThat(query.first("a")).contains("1");
        assertThat(query.asMap()).containsOnlyKeys("a");
        assertThat(query.fault()).isPresent();
    }

    @ParameterizedTest
    @CsvSource({"/,/,true", "/a/b,/a/b,true", "/a/b/,/a/b/,true", "//,/,false", "/a//b,/a/b,false", "/a/./b,/a/b,false",
        "/a/../b,/b,false",
        "/../..,/,false", "/a/.,/a,false", "/a/..,/,false", "/a/../,/,false", "/...,/...,true", "/a/.b,/a/.b,true",
        "/a/..b/,/a/..b/,true",
        "/./,/,false", "*,/*,true"})
    void pathsAreCleaned(String path, String clean, boolean isClean) {
        assertThat(CleanPath.clean(path)).isEqualTo(clean);
        assertThat(CleanPath.isClean(path)).isEqualTo(isClean);
    }

    @Test
    void pathsComeBackFromTheirEscapes() {
        String path = "/a b/%/\u00e4\u20ac?#[]\"<>;=:@&$+,/3,01637037d6";
        assertThat(PercentCoding.decodePath(PercentCoding.encodePath(path))).contains(path);
        assertThat(PercentCoding.encodePath("/3,01.txt")).isEqualTo("/3,01.txt");
        assertThat(PercentCoding.decodePath("/%2f%2C+")).contains("/" + "/,+");
        assertThat(PercentCoding.decodePath("/%")).isEmpty();
        assertThat(PercentCoding.decodePath("/%a")).isEmpty();
        assertThat(PercentCoding.decodePath("/%+1")).isEmpty();
    }

    @Test
    void jsonTextIsEscapedAsTheReferenceDoes() {
        assertThat(JsonText.quote("a\"\\\n<&>\u0001\u2028\u00e4"))
                .isEqualTo("\"a\\\"\\\\\\n\\u003c\\u0026\\u003e\\u0001\\u2028\u00e4\"");
    }

    @Test
    void requestIdsAreClockAndChance() {
        Instant now = Instant.parse("2026-11-01T00:00:00.000000255Z");
        RequestIds ids = new RequestIds(InstantSource.fixed(now), new SplittableRandom(1));
        String clock = String.format("%X", now.getEpochSecond() * 1_000_000_000L + 255);
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            String id = ids.next().toString();
            assertThat(id).hasSize(24).startsWith(clock).matches("[0-9A-F]+");
            seen.add(id);
        }
        assertThat(seen).hasSizeGreaterThan(9_990);
        assertThat(new RequestIds(InstantSource.fixed(now), new SplittableRandom(2)).next().toString()).isNotIn(seen);
    }
}
