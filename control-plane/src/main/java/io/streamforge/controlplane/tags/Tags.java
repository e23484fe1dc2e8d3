package io.streamforge.controlplane.tags;

import io.streamforge.controlplane.adapter.WriteRule;
import io.streamforge.controlplane.web.Cursor;
import io.streamforge.controlplane.web.Page;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import tools.jackson.databind.json.JsonMapper;

/** The tags of the gateways' active revisions. */
@Service
class Tags {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    Tags(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** @param q looked for in {@code asset/parameter} */
    Page<Tag> list(@Nullable String gateway, @Nullable String q, int limit, @Nullable String cursor) {
        List<String> after = Cursor.read(cursor, 3);
        List<Tag> rows = jdbc.sql("""
                        select * from tag
                        where (gateway_id, asset_id, parameter) > (:gateway_, :asset_, :parameter_)
                          and (cast(:gateway as text) is null or gateway_id = :gateway)
                          and (cast(:q as text) is null or strpos(lower(asset_id || '/' || parameter), lower(:q)) > 0)
                        order by gateway_id, asset_id, parameter limit :limit""")
                .param("gateway_", after == null ? "" : after.get(0))
                .param("asset_", after == null ? "" : after.get(1))
                .param("parameter_", after == null ? "" : after.get(2))
                .param("gateway", gateway)
                .param("q", q)
                .param("limit", limit + 1)
                .query(this::tag)
                .list();
        return Cursor.page(rows, limit, tag -> List.of(tag.gatewayId(), tag.assetId(), tag.parameter()));
    }

    Optional<Tag> find(String gateway, String asset, String parameter) {
        return jdbc.sql(
                        "select * from tag where gateway_id = :gateway and asset_id = :asset and parameter = :parameter")
                .param("gateway", gateway)
                .param("asset", asset)
                .param("parameter", parameter)
                .query(this::tag)
                .optional();
    }

    private Tag tag(ResultSet row, int number) throws SQLException {
        String rule = row.getString("write_rule");
        return new Tag(
                row.getString("gateway_id"),
                row.getString("asset_id"),
                row.getString("parameter"),
                row.getString("unit"),
                row.getString("adapter_id"),
                rule == null ? null : json.readValue(rule, WriteRule.class));
    }
}
