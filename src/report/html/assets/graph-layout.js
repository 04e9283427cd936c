// graph-layout
