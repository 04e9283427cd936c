//! stub
/// stub
pub fn render(_: &super::Report<'_>) -> anyhow::Result<String> {
    Ok(String::new())
}
