package dev.kelpfs.volume.status;

import dev.kelpfs.core.KelpVersion;
import dev.kelpfs.storage.DirectoryReport;
import dev.kelpfs.storage.StoreReport;
import dev.kelpfs.storage.VolumeReport;

/** The status as a page for people. Pure. */
final class StatusPage {
    private static final String STYLE = "body{font-family:sans-serif;margin:2em}table{border-collapse:collapse;margin-bottom:2em}"
            + "td,th{border:1px solid #ccc;padding:.3em .6em;text-align:left}";

    private StatusPage() {}

    /**
     * @param master the master that knows this server; empty if there is none
     * @param refusal why a leader of another cluster is refused; empty if there is none
     */
    static String of(StoreReport store, String master, String refusal) {
        StringBuilder page = new StringBuilder(4096)
                .append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<title>Kelp volume server</title><link rel=\"icon\" href=\"/favicon.ico\"><style>").append(STYLE)
                .append("</style></head><body>\n<h1>Kelp volume server</h1>\n<p>Version ")
                .append(escaped(KelpVersion.full())).append(", ")
                .append(master.isEmpty() ? "no master" : "master " + escaped(master)).append("</p>\n");
        if (!refusal.isEmpty()) page.append("<p>Refused: ").append(escaped(refusal)).append("</p>\n");
        page.append("<h2>Disks</h2>\n<table><tr><th>Directory</th><th>Type</th><th>Volumes</th><th>At most</th>"
                + "<th>Free bytes</th><th>Remarks</th></tr>\n");
        for (DirectoryReport directory : store.directories()) disk(page, directory);
        page.append("</table>\n<h2>Volumes</h2>\n<table><tr><th>Id</th><th>Collection</th><th>Bytes</th><th>Files</th>"
                + "<th>Deleted</th><th>Replication</th><th>TTL</th><th>State</th></tr>\n");
        for (VolumeReport volume : store.volumes()) volume(page, volume);
        return page.append("</table>\n</body></html>\n").toString();
    }

    private static void disk(StringBuilder page, DirectoryReport directory) {
        String remarks = (directory.low() ? "low on space; " : "") + String.join("; ", directory.refused());
        row(page, directory.path().toString(), directory.diskType().readable(), Integer.toString(directory.volumes()),
                Integer.toString(directory.effectiveMaxVolumes()), Long.toString(directory.space().freeBytes()), remarks);
    }

    private static void volume(StringBuilder page, VolumeReport volume) {
        row(page, volume.id().toString(), volume.collection().text(), Long.toString(volume.datBytes()),
                Long.toString(volume.files()), Long.toString(volume.deleted()), volume.placement().toString(),
                volume.ttl().toString(), volume.readOnly() ? "read-only: " + volume.readOnlyReason() : "writable");
    }

    private static void row(StringBuilder page, String... cells) {
        page.append("<tr>");
        for (String cell : cells) page.append("<td>").append(escaped(cell)).append("</td>");
        page.append("</tr>\n");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
