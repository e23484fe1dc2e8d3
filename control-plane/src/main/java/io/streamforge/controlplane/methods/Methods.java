package io.streamforge.controlplane.methods;

import io.streamforge.controlplane.adapter.MethodArgument;
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

/** The methods of the gateways' active revisions. */
@Service
class Methods {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    Methods(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    Page<Method> list(@Nullable String gateway, @Nullable String adapter, int limit, @Nullable String cursor) {
        List<String> after = Cursor.read(cursor, 3);
        List<Method> rows = jdbc.sql("""
                        select * from method
                        where (gateway_id, asset_id, name) > (:gateway_, :asset_, :name_)
                          and (cast(:gateway as text) is null or gateway_id = :gateway)
                          and (cast(:adapter as text) is null or adapter_id = :adapter)
                        order by gateway_id, asset_id, name limit :limit""")
                .param("gateway_", after == null ? "" : after.get(0))
                .param("asset_", after == null ? "" : after.get(1))
                .param("name_", after == null ? "" : after.get(2))
                .param("gateway", gateway)
                .param("adapter", adapter)
                .param("limit", limit + 1)
                .query(this::method)
                .list();
        return Cursor.page(rows, limit, method -> List.of(method.gatewayId(), method.assetId(), method.name()));
    }

    Optional<Method> find(String gateway, String asset, String name) {
        return jdbc.sql("select * from method where gateway_id = :gateway and asset_id = :asset and name = :name")
                .param("gateway", gateway)
                .param("asset", asset)
                .param("name", name)
                .query(this::method)
                .optional();
    }

    private Method method(ResultSet row, int number) throws SQLException {
        String rule = row.getString("rule");
        return new Method(
                row.getString("gateway_id"),
                row.getString("asset_id"),
                row.getString("name"),
                row.getString("adapter_id"),
                List.of(json.readValue(row.getString("arguments"), MethodArgument[].class)),
                rule == null ? null : json.readValue(rule, WriteRule.class));
    }
}
