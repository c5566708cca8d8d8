package dev.kelpfs.http.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Syntax of media types, types by name, and guesses. */
class MediaTest {
    @Test
    void mediaTypesAreTakenApart() throws Exception {
        assertThat(MediaType.parse("Text/Plain")).isEqualTo(new MediaType("text/plain", Map.of()));
        assertThat(MediaType.parse(" a/b ; X = \"q;\\\"\" ;y=z; "))
                .isEqualTo(new MediaType("a/b", Map.of("x", "q;\"", "y", "z")));
        assertThat(MediaType.parse("attachment; filename=\"a.txt\"").parameter("filename")).contains("a.txt");
        assertThat(MediaType.parse("inline; filename=\"x\"; filename*=UTF-8''%e2%82%ac%20y").parameter("filename"))
                .contains("\u20ac y");
        assertThat(MediaType.parse("inline; filename*=iso-8859-1'en'%e4").parameter("filename")).contains("\u00e4");
        assertThat(MediaType.parse("inline; filename*=koi8-r''%e4").parameter("filename")).isEmpty();
        assertThat(MediaType.parse("inline; name*0=\"one \"; name*1*=%c3%a4; name*2=!").parameter("name"))
                .contains("one \u00e4!");
        assertThat(MediaType.parse("inline; name*0*=utf-8''%c3%a4; name*1=b").parameter("name")).contains("\u00e4b");
    }

    @Test
    void malformedMediaTypesAreRefused() {
        for (String bad : List.of("", ";a=b", "text/", "/plain", "a/b/c", "text plain", "text/plain; charset", "text/plain; =x",
                "multipart/form-data; boundary=", "a/b; c=\"d", "a/b; c=d e", "a/b; c=d; c=e", "a/b;;", "a/b; c=\"\r\n\"")) {
            assertThatThrownBy(() -> MediaType.parse(bad)).as(bad).isInstanceOf(MalformedMediaTypeException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"a.txt,text/plain; charset=utf-8", "a.TXT,text/plain; charset=utf-8", "a.tar.gz,application/gzip",
        "a.jpeg,image/jpeg", "a.mjs,application/javascript", "a.c++,text/x-c++; charset=utf-8",
        ".gitignore,text/plain; charset=utf-8",
        "a.xhtml,application/xhtml+xml", "a.bin,application/octet-stream", "a.unknown,", "a,", "a.,"})
    void extensionsTellTypes(String name, String type) {
        assertThat(TypesByExtension.ofName(name).orElse(null)).isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource({
        "3C21444F43545950452068746D6C3E,text/html; charset=utf-8",
        "0A2020203C68746D6C3E,text/html; charset=utf-8",
        "3C68746D6C,text/plain; charset=utf-8",
        "3C68746D6C78,text/plain; charset=utf-8",
        "3C212D2D20,text/html; charset=utf-8",
        "203C3F786D6C,text/xml; charset=utf-8",
        "255044462D312E34,application/pdf",
        "2520504446,text/plain; charset=utf-8",
        "FEFF0041,text/plain; charset=utf-16be",
        "FFFE4100,text/plain; charset=utf-16le",
        "EFBBBF4100,text/plain; charset=utf-8",
        "89504E470D0A1A0A00,image/png",
        "FFD8FFE0,image/jpeg",
        "474946383961,image/gif",
        "424D0000,image/bmp",
        "00000100,image/x-icon",
        "524946460102030457454250565038,image/webp",
        "52494646010203045741564500,audio/wave",
        "52494646010203044156492000,video/avi",
        "494433,audio/mpeg",
        "4F67675300,application/ogg",
        "1A45DFA3,video/webm",
        "000000186674797069736F6D000000006D70343269736F6D,video/mp4",
        "00000018667479706D703432000000006D70343269736F6D,video/mp4",
        "000000186674797069736F6D6D70343261766331 61766331,application/octet-stream",
        "1F8B0800,application/x-gzip",
        "504B0304,application/zip",
        "526172211A0700,application/x-rar-compressed",
        "0061736D01000000,application/wasm",
        "774F4632,font/woff2",
        "00010203,application/octet-stream",
        "68656C6C6F,text/plain; charset=utf-8",
        "68656C6C6F1B5B,text/plain; charset=utf-8",
        "68656C6C6F01,application/octet-stream",
        "C3A4C3B6,text/plain; charset=utf-8",
        "'',text/plain; charset=utf-8"})
    void firstBytesTellTypes(String hex, String type) {
        byte[] head = HexFormat.of().parseHex(hex.replace(" ", ""));
        assertThat(ContentSniffer.sniff(head)).isEqualTo(type);
        ByteBuffer buffer = ByteBuffer.allocateDirect(head.length + 3).position(3).put(head).flip().position(3);
        assertThat(ContentSniffer.sniff(buffer)).isEqualTo(type);
        assertThat(buffer.position()).isEqualTo(3);
    }

    @Test
    void onlyTheFirstBytesCount() {
        byte[] head = new byte[2000];
        Arrays.fill(head, (byte) 'a');
        head[ContentSniffer.BYTES] = 0;
        assertThat(ContentSniffer.sniff(head)).isEqualTo("text/plain; charset=utf-8");
        head[ContentSniffer.BYTES - 1] = 0;
        assertThat(ContentSniffer.sniff(head)).isEqualTo("application/octet-stream");
        assertThat(ContentSniffer.sniff(" <b>".getBytes(StandardCharsets.US_ASCII))).isEqualTo("text/html; charset=utf-8");
    }
}
