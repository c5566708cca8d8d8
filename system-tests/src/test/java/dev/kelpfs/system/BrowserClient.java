package dev.kelpfs.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;

/** Chromium without a window: pages that lie on the server itself send forms and show what is there. */
final class BrowserClient implements RealClient {
    private static final String CHOSEN = """
            const chosen = new DataTransfer();
            chosen.items.add(new File(["what was chosen"], "a \\u00e4 b.txt", {type: "text/plain"}));
            document.getElementById("file").files = chosen.files;
            """;

    @Override
    public String name() {
        return "Chromium";
    }

    @Override
    public Optional<String> missing() {
        return browser().isPresent() ? Optional.empty() : Optional.of("no Chromium is installed (Debian: chromium)");
    }

    @Override
    public String version() throws IOException {
        Process process = new ProcessBuilder(browser().orElseThrow(), "--version").start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return said.replaceAll("(?s)^(Chromium|Google Chrome) ([0-9.]+).*", "$1 $2");
    }

    @Override
    public List<Trial> trials() {
        return List.of(
                new Trial("a form with a file, sent by its button", BrowserClient::form),
                new Trial("fetch() with FormData, from another origin", BrowserClient::fetchFromElsewhere),
                new Trial("shows a page, a style, a script and pictures", BrowserClient::page),
                new Trial("a picture made smaller, an SVG and a data range", BrowserClient::pictures),
                new Trial("asks again with the tag, and reads from its cache", BrowserClient::asksAgain));
    }

    private static Optional<String> browser() {
        return ClientSite.program("chromium", "chromium-browser", "google-chrome");
    }

    /** The document after its scripts have had their time. */
    private static String dom(ClientSite site, String url) throws Exception {
        List<String> command = new ArrayList<>(List.of(browser().orElseThrow(), "--headless", "--no-sandbox", "--disable-gpu",
                "--disable-dev-shm-usage", "--no-first-run", "--user-data-dir=" + site.target().getParent(),
                "--virtual-time-budget=20000", "--dump-dom", url));
        return site.run(command, 0);
    }

    private static String page(ClientSite site, String html) throws Exception {
        String url = site.place();
        site.form(url, "page.html", ("<!DOCTYPE html><meta charset=utf-8>" + html).getBytes(StandardCharsets.UTF_8), "text/html");
        return url;
    }

    private static void form(ClientSite site) throws Exception {
        String target = site.place();
        String page = page(site, "<form method=post enctype=multipart/form-data action=\"" + target + "\">"
                + "<input name=title value=\"A day\"><input type=file id=file name=file><button id=send>Send</button></form>"
                + "<script>" + CHOSEN + "document.getElementById('send').click();</script>");
        assertThat(dom(site, page)).as("the answer is shown").contains("\"name\":\"a ä b.txt\"", "\"size\":15");
        Answer answer = site.stored(target, "what was chosen".getBytes(StandardCharsets.US_ASCII));
        assertThat(answer.header("Content-Type")).startsWith("text/plain");
    }

    private static void fetchFromElsewhere(ClientSite site) throws Exception {
        String target = site.place();
        String page = page(site, """
                <p id=out>nothing</p><input type=file id=file>
                <script>%s
                (async () => {
                  const form = new FormData();
                  form.append("file", document.getElementById("file").files[0]);
                  const stored = await fetch("%s", {method: "POST", body: form, headers: {"Seaweed-Colour": "blue"}});
                  const back = await fetch("%s");
                  const gone = await fetch("%s", {method: "DELETE"});
                  document.getElementById("out").textContent =
                      [stored.status, (await stored.json()).size, await back.text(), gone.status].join(" ");
                })().catch(e => document.getElementById("out").textContent = "failed: " + e);
                </script>""".formatted(CHOSEN, target, target, target));
        assertThat(dom(site, page.replace("127.0.0.1", "localhost"))).contains(">201 15 what was chosen 202<");
    }

    private static void page(ClientSite site) throws Exception {
        String picture = picture(site, 40, 30);
        String style = site.place();
        site.form(style, "a.css", "#out { color: rgb(1, 2, 3) }".getBytes(StandardCharsets.US_ASCII), "text/css");
        String script = site.place();
        site.form(script, "a.js", """
                window.onload = () => document.getElementById("out").textContent =
                    getComputedStyle(document.getElementById("out")).color + " " + document.images[0].naturalWidth;
                """.getBytes(StandardCharsets.US_ASCII), "text/javascript");
        String page = page(site, "<link rel=stylesheet href=\"" + style + "\"><script src=\"" + script + "\"></script>"
                + "<img src=\"" + picture + "\"><p id=out>nothing</p>");
        assertThat(dom(site, page)).contains(">rgb(1, 2, 3) 40<");
    }

    private static void pictures(ClientSite site) throws Exception {
        String picture = picture(site, 400, 300);
        String svg = site.place();
        site.form(svg, "a.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='21' height='10'/>".getBytes(StandardCharsets.US_ASCII),
                "image/svg+xml");
        String page = page(site, "<img src=\"" + picture + "?width=50\"><img src=\"" + svg + "\"><p id=out>nothing</p><script>"
                + "window.onload = async () => { const part = await fetch('" + svg + "', {headers: {Range: 'bytes=0-3'}});"
                + "document.getElementById('out').textContent = [document.images[0].naturalWidth, document.images[1].naturalWidth,"
                + " part.status, await part.text()].join(' '); }</script>");
        assertThat(dom(site, page)).contains(">50 21 206 &lt;svg<");
    }

    private static void asksAgain(ClientSite site) throws Exception {
        String file = site.place();
        site.form(file, "a.txt", "words".getBytes(StandardCharsets.US_ASCII), "text/plain");
        String page = page(site, """
                <p id=out>nothing</p><script>(async () => {
                  await (await fetch("%1$s", {cache: "no-cache"})).text();
                  const again = await (await fetch("%1$s", {cache: "no-cache"})).text();
                  const entries = performance.getEntriesByName("%1$s");
                  document.getElementById("out").textContent = again + " " + entries.length + " " + (entries[1].transferSize < 301);
                })()</script>""".formatted(file));
        assertThat(dom(site, page)).as("the second time only a head travels").contains(">words 2 true<");
    }

    private static String picture(ClientSite site, int width, int height) throws Exception {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), "png", png);
        String url = site.place();
        site.form(url, "picture.png", png.toByteArray(), "image/png");
        return url;
    }
}
