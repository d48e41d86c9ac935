@_exported import WAFDocuments
@_exported import WAFEngine
@_exported import WAFLint
@_exported import WAFLogs
@_exported import WAFModel
@_exported import WAFReplay
@_exported import WAFReport
@_exported import WAFRequest
