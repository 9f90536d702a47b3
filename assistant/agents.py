"""The functions of this program as MCP tools, for coding agents on this machine; they read what the agent names."""

from mcp.server import MCPServer
