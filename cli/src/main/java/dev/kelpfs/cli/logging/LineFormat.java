package dev.kelpfs.cli.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/**
 * One event as text: {@code Lmmdd hh:mm:ss.uuuuuu file:line text} in local time, or one JSON object a line in UTC. An
 * exception that stands for a bug brings its stack; one that says that something outside failed brings the messages of
 * its chain, and its stack only when the verbosity is above 0.
 */
final class LineFormat {
    private static final DateTimeFormatter PLAIN_TIME = DateTimeFormatter.ofPattern("MMdd HH:mm:ss.SSSSSS");
    private static final DateTimeFormatter JSON_TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.nnnnnnnnn'Z'");

    private final boolean json;
    private final boolean stacks;
    private final ZoneId zone;

    LineFormat(boolean json, boolean stacks, ZoneId zone) {
        this.json = json;
        this.stacks = stacks;
        this.zone = zone;
    }

    /** The line with its end. */
    String format(ILoggingEvent event) {
        StackTraceElement[] callers = event.getCallerData();
        boolean known = callers.length > 0 && callers[0].getFileName() != null;
        String file = known ? callers[0].getFileName() : event.getLoggerName();
        int line = known ? Math.max(0, callers[0].getLineNumber()) : 0;
        String text = event.getFormattedMessage() + trouble(event.getThrowableProxy());
        return json ? jsonLine(event, file, line, text) : plainLine(event, file, line, text);
    }

    private String plainLine(ILoggingEvent event, String file, int line, String text) {
        ZonedDateTime time = event.getInstant().atZone(zone);
        return Severity.of(event).letter() + PLAIN_TIME.format(time) + " " + file + ":" + line + " " + text + "\n";
    }

    private static String jsonLine(ILoggingEvent event, String file, int line, String text) {
        StringBuilder json = new StringBuilder("{\"ts\":\"");
        json.append(JSON_TIME.format(event.getInstant().atOffset(ZoneOffset.UTC)));
        json.append("\",\"level\":\"").append(Severity.of(event)).append("\",\"file\":\"");
        escape(file, json);
        json.append("\",\"line\":").append(line).append(",\"msg\":\"");
        escape(text, json);
        return json.append("\"}\n").toString();
    }

    private String trouble(IThrowableProxy thrown) {
        if (thrown == null) return "";
        if (stacks || isBug(thrown)) return "\n" + ThrowableProxyUtil.asString(thrown).stripTrailing();
        StringBuilder chain = new StringBuilder();
        for (IThrowableProxy at = thrown; at != null; at = at.getCause()) {
            chain.append(": ").append(at.getMessage() == null ? at.getClassName() : at.getMessage());
        }
        return chain.toString();
    }

    private static boolean isBug(IThrowableProxy thrown) {
        return thrown instanceof ThrowableProxy proxy
                && (proxy.getThrowable() instanceof RuntimeException || proxy.getThrowable() instanceof Error);
    }

    private static void escape(String text, StringBuilder json) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> {
                    if (c < ' ') json.append(String.format("\\u%04x", (int) c));
                    else json.append(c);
                }
            }
        }
    }
}
