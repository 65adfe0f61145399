package main

import (
	"fmt"
	"net"

	"go.temporal.io/server/tools/sql"
)

// setUpPostgres makes both databases, empty before, with the schema of this server.
func setUpPostgres(target string) error {
	user, password, address, err := postgresTarget(target)
	if err != nil {
		return err
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("--postgres: %w", err)
	}
	common := []string{"temporal-sql-tool", "--plugin", "postgres12", "--ep", host, "-p", port, "-u", user, "--pw", password, "--db"}
	for database, schema := range map[string]string{
		"temporal": "postgresql/v12/temporal", "temporal_visibility": "postgresql/v12/visibility",
	} {
		for _, step := range [][]string{
			{"create"}, {"setup-schema", "-v", "0.0"}, {"update-schema", "--schema-name", schema},
		} {
			if err := sql.RunTool(append(append(append([]string{}, common...), database), step...)); err != nil {
				return err
			}
		}
	}
	return nil
}
