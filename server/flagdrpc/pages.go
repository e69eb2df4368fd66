package flagdrpc

import (
	"net/http"

	"github.com/tidegate-io/tidegate/server/cors"
	"github.com/tidegate-io/tidegate/server/presence"
)

// pages is what web pages may send and read: Connect and gRPC-Web have headers of their own.
var pages = cors.NewAccess(
	[]string{http.MethodGet, http.MethodPost},
	[]string{
		"Authorization", "Content-Type", "X-API-Key", "Connect-Protocol-Version", "Connect-Timeout-Ms",
		"Connect-Accept-Encoding", "Connect-Content-Encoding", "Grpc-Timeout", "X-Grpc-Web", "X-User-Agent",
		presence.HeaderService, presence.HeaderVersion, presence.HeaderInstance,
	},
	[]string{"Grpc-Status", "Grpc-Message", "Grpc-Status-Details-Bin", "Connect-Content-Encoding"},
)
