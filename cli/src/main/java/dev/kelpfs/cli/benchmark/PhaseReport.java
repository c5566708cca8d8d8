package dev.kelpfs.cli.benchmark;

import dev.kelpfs.cli.tool.JsonText;
import java.util.Locale;
import java.util.Map;

/**
 * The report of one phase, in the reference's form or as JSON. Pure.
 *
 * @param title {@code Writing Benchmark} or {@code Randomly Reading Benchmark}
 */
record PhaseReport(
        String title, int concurrency, double seconds, long completed, long failed, long bytes, Latencies.Summary latencies) {
    private static final double KIB = 1024;

    /** The line above all others. */
    static String heading(String title) {
        return "\n------------ " + title + " ----------";
    }

    /** One of the lines that come each second; rates are those since the last one. */
    static String rateLine(long completed, long total, double perSecond, double bytesPerSecond) {
        double percent = total == 0 ? 100 : completed * 100.0 / total;
        return String.format(Locale.ROOT, "Completed %d of %d requests, %3.1f%% %3.1f/s %3.1fMB/s",
                completed, total, percent, perSecond, bytesPerSecond / KIB / KIB);
    }

    private double rate(double amount) {
        return seconds > 0 ? amount / seconds : 0;
    }

    String text() {
        StringBuilder text = new StringBuilder("\n");
        line(text, "Concurrency Level:      %d", concurrency);
        line(text, "Time taken for tests:   %.3f seconds", seconds);
        line(text, "Completed requests:     %d", completed);
        line(text, "Failed requests:        %d", failed);
        line(text, "Total transferred:      %d bytes", bytes);
        line(text, "Requests per second:    %.2f [#/sec]", rate(completed));
        line(text, "Transfer rate:          %.2f [Kbytes/sec]", rate(bytes) / KIB);
        line(text, "");
        line(text, "Connection Times (ms)");
        line(text, "              min      avg        max      std");
        line(text, "Total:        %2.1f      %3.1f       %3.1f      %3.1f",
                latencies.min(), latencies.average(), latencies.max(), latencies.deviation());
        line(text, "");
        line(text, "Percentage of the requests served within a certain time (ms)");
        double before = -1;
        for (Map.Entry<Integer, Double> percentile : latencies.percentiles().entrySet()) {
            if (percentile.getValue() > before) line(text, "  %3d%%    %5.1f ms", percentile.getKey(), percentile.getValue());
            before = percentile.getValue();
        }
        return text.toString();
    }

    String json() {
        return JsonText.object(json -> {
            json.writeStringProperty("phase", title);
            json.writeNumberProperty("concurrency", concurrency);
            json.writeNumberProperty("seconds", seconds);
            json.writeNumberProperty("completed", completed);
            json.writeNumberProperty("failed", failed);
            json.writeNumberProperty("bytes", bytes);
            json.writeNumberProperty("requestsPerSecond", rate(completed));
            json.writeNumberProperty("bytesPerSecond", rate(bytes));
            json.writeObjectPropertyStart("milliseconds");
            json.writeNumberProperty("min", latencies.min());
            json.writeNumberProperty("average", latencies.average());
            json.writeNumberProperty("max", latencies.max());
            json.writeNumberProperty("deviation", latencies.deviation());
            latencies.percentiles().forEach((percent, millis) -> json.writeNumberProperty("p" + percent, millis));
            json.writeEndObject();
        });
    }

    private static void line(StringBuilder text, String form, Object... values) {
        text.append(String.format(Locale.ROOT, form, values)).append('\n');
    }
}
