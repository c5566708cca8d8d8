package dev.kelpfs.volume.status;

import dev.kelpfs.http.HttpException;
import dev.kelpfs.http.Reply;
import dev.kelpfs.http.Routes;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * The few files that are part of the server itself: what browsers and dashboards show as its picture. They carry none of the
 * headers that other answers do.
 *
 * <p>Source: volume server, sections 3.1 and 3.2.
 */
public final class StaticFiles {
    private static final String ICON = "/favicon.ico";
    private static final String FOLDER = "/seaweedfsstatic/";

    private StaticFiles() {}

    /** Whether a path belongs to these files. */
    public static boolean serves(String path) {
        return path.equals(ICON) || path.startsWith(FOLDER);
    }

    public static void addTo(Routes.Builder routes) {
        add(routes, ICON, "favicon.ico", "image/x-icon");
        add(routes, FOLDER + "favicon.ico", "favicon.ico", "image/x-icon");
        add(routes, FOLDER + "seaweed50x50.png", "seaweed50x50.png", "image/png");
        routes.onPrefix(HttpMethod.GET, FOLDER, exchange -> {
            throw new HttpException(404, "404 page not found");
        });
    }

    private static void add(Routes.Builder routes, String path, String resource, String type) {
        byte[] content = read(resource);
        routes.get(path, exchange -> exchange.reply(
                Reply.of(200).header("Content-Type", type).header("Cache-Control", "max-age=86400").body(content)));
    }

    private static byte[] read(String resource) {
        try (InputStream in = StaticFiles.class.getResourceAsStream(resource)) {
            if (in == null) throw new IllegalStateException("the build lacks the resource " + resource);
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
