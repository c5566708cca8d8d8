package dev.kelpfs.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/** curl, in all forms in which it can send a file. */
final class CurlClient implements RealClient {
    private static final byte[] TEXT = "the same words again and again ".repeat(1000).getBytes(StandardCharsets.US_ASCII);
    private static final int LARGE = 5_000_000;

    @Override
    public String name() {
        return "curl";
    }

    @Override
    public Optional<String> missing() {
        return ClientSite.program("curl").isPresent() ? Optional.empty() : Optional.of("curl is not installed (Debian: curl)");
    }

    @Override
    public String version() throws IOException, InterruptedException {
        return new String(new ProcessBuilder("curl", "-V").start().getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines().findFirst().orElse("").replaceAll("^(curl \\S+).*", "$1");
    }

    @Override
    public List<Trial> trials() {
        return List.of(
                new Trial("-F file=@: a form, name kept", site -> form(site, 200_000)),
                new Trial("-F file=@: a large form", site -> form(site, LARGE)),
                new Trial("-F with type= and filename=", CurlClient::namedForm),
                new Trial("-F with other fields around the file", CurlClient::fields),
                new Trial("-F file=@-: a form from a pipe", CurlClient::formFromPipe),
                new Trial("-F with a part that is gzip", CurlClient::gzipPart),
                new Trial("-T file: PUT", site -> put(site, 200_000)),
                new Trial("-T file: PUT, large, waits for 100", site -> put(site, LARGE)),
                new Trial("-T -: chunked from a pipe", CurlClient::chunked),
                new Trial("--data-binary: POST as it is", CurlClient::post),
                new Trial("--data-binary without a type", CurlClient::postWithoutType),
                new Trial("Content-Encoding: gzip", CurlClient::gzip),
                new Trial("an empty file", CurlClient::empty),
                new Trial("--compressed", CurlClient::compressed),
                new Trial("-r: ranges, -I: head", CurlClient::ranges),
                new Trial("-C -: resumes a download", CurlClient::resumes),
                new Trial("-z and --etag-compare: asks for changes", CurlClient::conditional),
                new Trial("-L: through the master", CurlClient::redirected),
                new Trial("--http2 and --http1.0", CurlClient::otherVersions),
                new Trial("four files over one connection", CurlClient::keepsAlive),
                new Trial("-Z: 50 uploads at once", CurlClient::parallel),
                new Trial("-X DELETE", CurlClient::delete));
    }

    private static String curl(ClientSite site, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "--fail-with-body", "--max-time", "60"));
        command.addAll(List.of(arguments));
        return site.run(command, 0);
    }

    /** In a shell, for pipes. {@code $1} and so on are the arguments. */
    private static String shell(ClientSite site, String script, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", "-ec", script, "sh"));
        command.addAll(List.of(arguments));
        return site.run(command, 0);
    }

    private static void form(ClientSite site, int bytes) throws Exception {
        Path file = site.file(bytes);
        String url = site.place();
        assertThat(curl(site, "-F", "file=@" + file, url))
                .contains("\"name\":\"" + ClientSite.NAME + "\"", "\"size\":" + bytes, "\"mime\":\"image/jpeg\"");
        Answer answer = site.stored(url, file);
        assertThat(answer.header("Content-Type")).isEqualTo("image/jpeg");
        assertThat(answer.header("Content-Disposition"))
                .isEqualTo("inline; filename*=utf-8''" + URLEncoder.encode(ClientSite.NAME, StandardCharsets.UTF_8).replace("+", "%20"));
    }

    private static void namedForm(ClientSite site) throws Exception {
        Path file = site.file(1000);
        String url = site.place();
        assertThat(curl(site, "-F", "file=@" + file + ";type=text/x-own;filename=a name.txt", url))
                .contains("\"name\":\"a name.txt\"", "\"mime\":\"text/x-own\"");
        assertThat(site.stored(url, file).header("Content-Type")).isEqualTo("text/x-own");
    }

    private static void fields(ClientSite site) throws Exception {
        Path file = site.file(1000);
        String url = site.place();
        assertThat(curl(site, "-F", "title=A day", "-F", "upload=@" + file, "-F", "submit=Send", url))
                .contains("\"name\":\"" + ClientSite.NAME + "\"");
        site.stored(url, file);
    }

    private static void formFromPipe(ClientSite site) throws Exception {
        Path file = site.file(100_000);
        String url = site.place();
        shell(site, "cat \"$1\" | curl -sSf -F 'file=@-;filename=pipe.bin' \"$2\"", file.toString(), url);
        site.stored(url, file);
    }

    private static void gzipPart(ClientSite site) throws Exception {
        Path file = site.write("words.txt", zipped());
        String url = site.place();
        curl(site, "-F", "file=@" + file + ";headers=\"Content-Encoding: gzip\"", url);
        site.stored(url, TEXT);
        assertThat(site.get(url, "Accept-Encoding", "gzip").header("Content-Encoding")).isEqualTo("gzip");
    }

    private static void put(ClientSite site, int bytes) throws Exception {
        Path file = site.file(bytes);
        String url = site.place();
        assertThat(curl(site, "-T", file.toString(), url)).contains("\"size\":" + bytes);
        site.stored(url, file);
    }

    private static void chunked(ClientSite site) throws Exception {
        Path file = site.file(LARGE);
        String url = site.place();
        shell(site, "cat \"$1\" | curl -sSf -T - \"$2\"", file.toString(), url);
        site.stored(url, file);
    }

    private static void post(ClientSite site) throws Exception {
        Path file = site.file(100_000);
        String url = site.place();
        curl(site, "--data-binary", "@" + file, "-H", "Content-Type: image/x-own", url);
        assertThat(site.stored(url, file).header("Content-Type")).isEqualTo("image/x-own");
    }

    private static void postWithoutType(ClientSite site) throws Exception {
        Path file = site.file(100_000);
        String url = site.place();
        curl(site, "--data-binary", "@" + file, url);
        site.stored(url, file);
    }

    private static void gzip(ClientSite site) throws Exception {
        Path file = site.write("words.gz", zipped());
        String url = site.place();
        assertThat(curl(site, "-T", file.toString(), "-H", "Content-Encoding: gzip", "-H", "Content-Type: text/plain", url))
                .contains("\"size\":" + TEXT.length);
        site.stored(url, TEXT);
    }

    private static void empty(ClientSite site) throws Exception {
        Path file = site.write("empty", new byte[0]);
        String url = site.place();
        curl(site, "-F", "file=@" + file, url);
        site.stored(url, file);
        curl(site, "-T", file.toString(), url);
        site.stored(url, file);
    }

    private static void compressed(ClientSite site) throws Exception {
        String url = site.place();
        Path file = site.write("words.txt", TEXT);
        curl(site, "-F", "file=@" + file, url);
        Path got = site.target();
        String sizes = curl(site, "--compressed", "-o", got.toString(), "-w", "%{size_download}", url);
        assertThat(got).hasSameBinaryContentAs(file);
        assertThat(Long.parseLong(sizes)).as("bytes on the wire").isLessThan(TEXT.length / 10);
    }

    private static void ranges(ClientSite site) throws Exception {
        Path file = site.file(100_000);
        String url = site.place();
        curl(site, "-T", file.toString(), url);
        Path got = site.target();
        curl(site, "-r", "500-999", "-o", got.toString(), url);
        assertThat(Files.readAllBytes(got)).isEqualTo(part(file, 500, 1000));
        curl(site, "-r", "-10", "-o", got.toString(), url);
        assertThat(Files.readAllBytes(got)).isEqualTo(part(file, 99_990, 100_000));
        assertThat(curl(site, "-I", url).toLowerCase(Locale.ROOT)).contains("content-length: 100000", "accept-ranges: bytes");
    }

    private static void resumes(ClientSite site) throws Exception {
        Path file = site.file(LARGE);
        String url = site.place();
        curl(site, "-T", file.toString(), url);
        Path got = site.target();
        Files.write(got, part(file, 0, LARGE / 3));
        curl(site, "-C", "-", "-o", got.toString(), url);
        assertThat(got).hasSameBinaryContentAs(file);
        Files.write(got, part(file, 0, LARGE / 3));
        curl(site, "-T", site.write("other", new byte[LARGE]).toString(), url);
        String code = curl(site, "-C", "-", "-H", "If-Range: \"" + 12345678 + "\"", "-o", site.target().toString(),
                "-w", "%{http_code}", url);
        assertThat(code).as("an overwritten file comes whole to those who say what they had").isEqualTo("200");
    }

    private static void conditional(ClientSite site) throws Exception {
        String url = site.place();
        curl(site, "-T", site.file(1000).toString(), url);
        Path got = site.target();
        Path tag = site.target();
        curl(site, "--etag-save", tag.toString(), "-R", "-o", got.toString(), url);
        String unused = site.target().toString();
        assertThat(curl(site, "--etag-compare", tag.toString(), "-o", unused, "-w", "%{http_code}", url)).isEqualTo("304");
        assertThat(curl(site, "-z", got.toString(), "-o", unused, "-w", "%{http_code}", url)).isEqualTo("304");
    }

    private static void redirected(ClientSite site) throws Exception {
        Path file = site.file(1000);
        String url = site.place();
        curl(site, "-T", file.toString(), url);
        Path got = site.target();
        curl(site, "-L", "-o", got.toString(), site.master() + url.substring(url.lastIndexOf('/')));
        assertThat(got).hasSameBinaryContentAs(file);
    }

    private static void otherVersions(ClientSite site) throws Exception {
        Path file = site.file(100_000);
        for (String version : List.of("--http2", "--http1.0")) {
            String url = site.place();
            curl(site, version, "-F", "file=@" + file, url);
            Path got = site.target();
            curl(site, version, "-o", got.toString(), url);
            assertThat(got).hasSameBinaryContentAs(file);
        }
    }

    private static void keepsAlive(ClientSite site) throws Exception {
        Path file = site.file(1000);
        String url = site.places(2);
        String out = curl(site, "-w", "%{num_connects} ", "-o", "/dev/null", "-T", file.toString(), url,
                "--next", "-sS", "-w", "%{num_connects} ", "-o", "/dev/null", url,
                "--next", "-sS", "-w", "%{num_connects} ", "-o", "/dev/null", "-F", "file=@" + file, url + "_1",
                "--next", "-sS", "-w", "%{num_connects} ", "-o", "/dev/null", "-X", "DELETE", url + "_1");
        assertThat(out).isEqualTo("1 0 0 0 ");
    }

    private static void parallel(ClientSite site) throws Exception {
        Path file = site.file(100_000);
        String url = site.places(51);
        List<String> command = new ArrayList<>(List.of("-Z", "--parallel-max", "20"));
        for (int i = 1; i <= 50; i++) command.addAll(List.of("-o", "/dev/null", "-T", file.toString(), url + "_" + i));
        curl(site, command.toArray(String[]::new));
        for (int i = 1; i <= 50; i++) site.stored(url + "_" + i, file);
    }

    private static void delete(ClientSite site) throws Exception {
        String url = site.place();
        curl(site, "-T", site.file(1000).toString(), url);
        assertThat(curl(site, "-X", "DELETE", url)).contains("\"size\":");
        assertThat(site.get(url).status()).isEqualTo(404);
    }

    private static byte[] part(Path file, int from, int to) throws IOException {
        return Arrays.copyOfRange(Files.readAllBytes(file), from, to);
    }

    private static byte[] zipped() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(TEXT);
        }
        return out.toByteArray();
    }
}
